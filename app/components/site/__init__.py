"""The page around the components where there is no server (`app.static_site`): what the app's script does elsewhere."""
