"""Our style of Streamlit's own page, in one place.

Streamlit promises nothing about its elements but the class `st-key-<key>` of a container. The classes `st...` and the
test ids here are its own names, which a new version may change; tests/app/drawing/test_page_styles.py says which of
them the installed version does not have. The lesson's stand in lesson_styles.py.
"""

from app.drawing.lesson_styles import LESSON

# What takes a moment to come has its room from the beginning, or none where it draws nothing.
# A projector has no room to spare above the title. The corner lies neither over the pages' names nor over what closes a
# phone's list of them.
PAGE = """<style>
.stMainBlockContainer { padding: 4rem 2.5rem 2rem; max-width: none; }
.stApp [data-testid=stCaptionContainer] { color: inherit; opacity: 0.8; }
.stApp [data-testid=stCaptionContainer] code { font-size: 0.8125rem; } /* a part of what is small already */
/* Not quite opaque: without a graphics card Chromium takes what a header hides of a WebGL map off its lower end. */
.stApp [data-testid=stHeader] { background: light-dark(rgb(251 250 247 / 0.99), rgb(22 25 28 / 0.99)); }
.stApp h1 { padding: 0.25rem 0 0.5rem; }
.stApp .stHeading h2 { padding: 0.5rem 0 1rem; }
.stApp .stHorizontalBlock .stMarkdown h2 { padding: 0; } /* at the height of the button beside it */
/* Streamlit's own grey is too pale on light ground; a saved drawing keeps it, for it does not know its ground. */
[data-testid=stPlotlyChart] :is([class*=tick] > text, [class^=g-][class$=title] > text, .annotation-text,
  .textpoint > text) { fill: color-mix(in srgb, currentColor 80%, transparent) !important; }
.stApp .stMarkdown :not(pre) > code { display: inline-block; max-width: 100%; } /* no option is torn at its hyphens */
body .stToastContainer { top: auto; bottom: 1rem; } /* not over the open shelf; it stands outside of .stApp */
[data-testid=stRadioOption]:not(:has(:checked)) > div > div:first-child { /* its own border is hardly seen */
  box-shadow: 0 0 0 1px color-mix(in srgb, currentColor 60%, transparent); }
/* In two rows what has one border between two would be torn apart. */
.stApp .stButtonGroup [role=radiogroup] {
  gap: 0.25rem;
  & button { margin: 0; border-radius: 0.5rem; min-height: 2.5rem; } /* as the buttons and boxes beside them are */
  & button:not([data-selected], [data-hovered], [data-focus-visible]) {
    border-color: light-dark(#dcd8ce, #343a40) !important; }
}
.st-key-page_top { position: absolute; height: 0; }
:is([data-testid=stTopNavLink], [data-testid=stSidebarNavLink], .st-key-language a):focus-visible {
  outline: 2px solid currentColor; outline-offset: -2px; } /* Streamlit's are seen under a pointer alone */
.st-key-map { min-height: calc(min(560px, 100vw) + 4rem); }
.st-key-explore_columns { --am-room: max(22rem, 100vh - 24rem); } /* the map, in the first screen */
.st-key-explore_columns .st-key-map { min-height: calc(min(560px, 100vw, var(--am-room)) + 6rem); }
.stElementContainer:is(.st-key-current_model, [class*=st-key-lesson_][class*=_note]):has(
  > [data-testid=stSkeleton]) {
  min-height: 3.75rem; }
.stElementContainer:is(.st-key-colouring, .st-key-map_layout, .st-key-edit_fixed, [class*=st-key-generate_],
  [class*=st-key-morph_]):has(> [data-testid=stSkeleton]) { min-height: 4.25rem; }
.stElementContainer:has(> [data-testid=stSkeleton]) {
  &.st-key-current_model { min-width: 6.8125rem; }
  &.st-key-random_face { min-width: 7.875rem; }
  &.st-key-start-the-lesson { min-width: 8.75rem; &:lang(de) { min-width: 10.8125rem; } }
  &.st-key-generate_count { min-width: 9.5rem; }
  &.st-key-generate_next { min-width: 6.6875rem; }
  &.st-key-edit_all { min-width: 12.75rem; }
  &.st-key-morph_show { min-width: min(21.75rem, 100%); }
  &.st-key-morph_way { min-width: 11.875rem; }
  &.st-key-morph_count { min-width: 8.1875rem; }
  &[class*=st-key-keep-] { min-width: 9.4375rem; }
  &[class*=st-key-save-grid-] { min-width: 7.625rem; }
}
.stElementContainer[class*=st-key-morph-] { min-height: 42rem; }
.stElementContainer.st-key-edit { min-height: min(100vh, 75rem); }
.st-key-explore_columns .stElementContainer.st-key-pad { min-height: 38rem; }
@media (max-width: 1080px) { .st-key-explore_columns .stElementContainer.st-key-pad { min-height: 44.5rem; } }
@media (max-width: 688px) { .st-key-explore_columns .stElementContainer.st-key-pad { min-height: 100vh; } }
.stElementContainer[class*=st-key-grid-] { max-width: min(40rem, max(20rem, 100vh - 22rem)); aspect-ratio: 1; }
[class*=st-key-morph_slot] > .stElementContainer:first-child { min-width: 4.5rem; min-height: 4.5rem; }
.st-key-upload-0:has(> [data-testid=stSkeleton]) { min-height: 6rem; }
@media (max-width: 1180px) { .st-key-upload-0:has(> [data-testid=stSkeleton]) { min-height: 7.25rem; } }
@media (max-width: 640px) { .st-key-upload-0:has(> [data-testid=stSkeleton]) { min-height: 9.25rem; } }
@media (min-width: 641px) { /* at first it does not know how wide it is, and stacks its parts */
  [class*=st-key-upload-] [data-testid=stFileUploaderDropzone] { height: 4.25rem; overflow: hidden; } }
.st-key-language { margin-top: 2rem; font-size: 0.875rem; }
.st-key-language a { color: inherit; opacity: 0.75; margin-right: 0.75rem; }
.st-key-language a[aria-current] { opacity: 1; font-weight: 600; text-decoration: none; }
.st-key-corner { position: fixed; top: 0.65rem; right: 2.5rem; z-index: 999991; width: auto !important; }
[data-testid=stStatusWidget] { margin-right: 8.5rem; } /* beside the corner, not under it */
.stApp:has(.st-key-join) [data-testid=stStatusWidget] { visibility: hidden; } /* what a class has leaves it no room */
@media (min-width: 641px) and (max-width: 1080px) { /* gone with the title: it would lie on what scrolls */
  .st-key-corner { position: absolute; top: 4.25rem; right: 2.5rem; }
  .stApp:has(.st-key-join) .stMainBlockContainer { padding-top: 7rem; } /* what a class has more is wider */
}
@media (max-width: 1080px) {
  .stHorizontalBlock { row-gap: 0.75rem; }
  /* How many lines a row takes is known with the last of its controls; what it would push waits for that. */
  .stMainBlockContainer:not(:has(.st-key-explore_first_words)) :is(.stElementContainer, [data-testid=stLayoutWrapper],
    .stHorizontalBlock > *):is(:has(.stHorizontalBlock > .stElementContainer > [data-testid=stSkeleton]),
    .stHorizontalBlock > :has(> [data-testid=stSkeleton])) ~ * { visibility: hidden; }
  .stApp .stMarkdown table :is(th, td) { padding: 0.4rem 0.25rem; font-size: 0.875rem; }
  .stApp .stMarkdown table td:not(:first-child) { white-space: nowrap; } /* a number and its unit */
  .stMarkdown:has(table) { overflow-x: auto; }
  .stApp .stButtonGroup :is([role=radiogroup], [role=toolbar]) { flex-wrap: wrap; }
  /* Figures that half a tablet is too narrow for stand one above the other. */
  :is(.st-key-models_family, .st-key-models_against) .stHorizontalBlock > .stColumn {
    flex: 1 1 100%; min-width: 100%; }
}
@media (max-width: 640px) {
  .stMainBlockContainer { padding: 4rem 1rem 2rem; }
  .st-key-language a { display: inline-block; padding-block: 0.5rem; }
  .st-key-corner { right: 1rem; }
  [data-testid=stStatusWidget] { margin-right: 6rem; & button { display: none; } }
  .stColumn:has(.stMetric) { flex: 1 1 calc(50% - 0.5rem) !important; min-width: calc(50% - 0.5rem) !important; }
  .stApp .stTable:has(th:nth-child(5)) :is(th, td) { padding-inline: 0.125rem; font-size: 0.8125rem; }
  .stElementContainer[class*=st-key-lesson_][class*=_note]:has(> [data-testid=stSkeleton]) { min-height: 4.25rem; }
  /* What a class has more has no room beside the app's name and the list of pages; a slide sets its own padding. */
  .st-key-corner:has(.st-key-join) { position: absolute; top: 3.75rem; right: 1rem;
    max-width: calc(100vw - 2rem); justify-content: end; row-gap: 0.5rem; }
  :where(.stApp:has(.st-key-join)) .stMainBlockContainer { padding-top: 6.75rem; }
  :where(.stApp:has(.st-key-look_here button)) .stMainBlockContainer { padding-top: 9.5rem; } /* in two rows */
  .stApp:has([data-testid=stSidebar][data-collapsed=false]) .st-key-corner { display: none; }
}
</style>"""

# On a narrow window the face and its sliders come before the map, and the first screen shows what there is to drag: the
# face is smaller there, and what stands above the sliders elsewhere stands below them.
FIRST_WORDS, EXPLORE_SELECTION = "explore_first_words", "explore_selection"
EXPLORE_COLUMNS, EXPLORE_CONTROLS, PHOTO_COLUMNS = "explore_columns", "explore_controls", "photo_columns"
PHOTO_FACE = "photo_face"
EXPLORE = """<style>
.st-key-explore_first_words { row-gap: 0; }
@media (max-width: 1080px) { /* the face and its sliders, or what happens to a photo; the map below */
  .st-key-photo_columns .stColumn { flex: 1 1 100%; min-width: 100%; }
  .st-key-photo_columns .stColumn:last-child { order: -1; min-height: 20.5rem; } /* the words without a photo */
}
@media (max-width: 640px) {
  .stHorizontalBlock.stHorizontalBlock:has(> [data-testid=stLayoutWrapper] > .st-key-explore_first_words) {
    flex-wrap: wrap; & > [data-testid=stLayoutWrapper] { flex-basis: 100%; } } /* no narrow column beside the button */
  .st-key-photo_columns .stColumn:last-child { min-height: 34rem; }
  :is(.st-key-photo_columns, .st-key-edit) { --fs-face-side: max(14rem, 36svh); }
}
@media (min-width: 1081px) and (max-width: 1319px) { /* the pad keeps the room that its face needs beside its sliders */
  .st-key-explore_columns .stColumn:first-child { flex: 1 1 0; min-width: 0; }
  .st-key-explore_columns .stColumn:last-child { flex: 0 0 38rem; }
}
@media (max-width: 1080px) {
  /* The face, then what is chosen for the map, then the map: all of them parts of the page's one column. */
  [data-testid=stLayoutWrapper]:has(> .st-key-explore_columns) {
    &, & > .st-key-explore_columns, & > * > [data-testid=stLayoutWrapper], & > * > * > .stHorizontalBlock {
      display: contents; }
    & > * > * > .stHorizontalBlock > .stColumn { flex: none; width: 100%; order: 3; }
    & > * > * > .stHorizontalBlock > .stColumn:last-child { order: 0; min-height: 44rem; } /* where a face will be */
    & ~ * { order: 5; }
  }
  .st-key-explore_columns { --fs-face-side: max(14rem, 36svh); --fs-after-sliders: 1; }
  .st-key-explore_columns .st-key-pad { order: -1; }
  [data-testid=stLayoutWrapper]:has(> .st-key-explore_first_words) + .stElementContainer { flex: none; }
  .stHorizontalBlock:has(> [data-testid=stLayoutWrapper] > .st-key-explore_first_words) { flex-wrap: nowrap; }
  .st-key-explore_first_words > .stElementContainer:last-child { display: none; } /* on the map, which comes later */
  /* A selection stands under the map in which it was made. */
  .st-key-explore_columns:has(.st-key-explore_selection .stHeading) > * > .stHorizontalBlock > .stColumn {
    &, & > .stVerticalBlock { display: contents; }
    &:first-child > .stVerticalBlock > * { order: 3; }
    &:last-child > .stVerticalBlock > :not(.st-key-pad) { order: 1; }
    &:last-child > .stVerticalBlock > .st-key-pad { order: 0; }
    &:last-child > .stVerticalBlock > [data-testid=stLayoutWrapper]:has(> .st-key-explore_selection) { order: 4; }
  }
  [data-testid=stLayoutWrapper]:has(> .st-key-explore_controls) { order: 2; }
  [data-testid=stLayoutWrapper]:has(> .st-key-explore_controls):not(
    :has(~ [data-testid=stLayoutWrapper] > .st-key-explore_columns, ~ * .stAlert)) { display: none; }
  /* The pad is as high as its words: what stands below it is shown once it is there. */
  .st-key-explore_columns:not(:has(.st-key-pad > :not([data-testid=stSkeleton]))) .stColumn:last-child
    .stElementContainer:not(.st-key-pad), [data-testid=stLayoutWrapper]:has(> .st-key-explore_controls):has(
    ~ * > .st-key-explore_columns):not(:has(~ * .st-key-pad > :not([data-testid=stSkeleton]))) { visibility: hidden; }
}
</style>"""

# A photo beside what the models make of it: on a wide window the pictures grow until both are about as high.
# Before there is a photo its sliders are mounted out of sight.
PHOTO = """<style>
.stMainBlockContainer:not(:has(.st-key-photo_face)) :has(> .st-key-photo-pad) { display: none; }
.st-key-photo_face .fs-row { display: grid;
  grid-template-columns: repeat(auto-fill, max(6.5rem, min(18rem, (100% - 3rem) / 5))); }
.st-key-photo_face .fs-kept { width: auto; } /* which a share of is known of */
.st-key-photo_face .fs-row figure { width: auto; max-width: none; }
@media (min-width: 1100px) {
  .st-key-photo_face .stColumn:first-child { flex: 0 0 19rem; min-width: 0; }
  .st-key-photo_face .stColumn:last-child { flex: 1 1 0; }
}
</style>"""

# What can be done with a clicked face stays in view under grids that are higher than the window.
GENERATE_CHOSEN = "generate_chosen"
GENERATE = """<style>
[data-testid=stLayoutWrapper]:has(> .st-key-generate_chosen) {
  position: sticky; bottom: 0; z-index: 3; background: light-dark(#fbfaf7, #16191c); }
.st-key-generate_chosen img { max-height: 15vh; width: auto; }
.st-key-generate_chosen .stElementContainer:has(> .stMarkdown) { flex: 1 1 9rem; min-width: 0; }
@media (max-width: 1080px) { /* what can be done with it in a row of its own */
  .st-key-generate_chosen .stElementContainer:has(> .stMarkdown) { flex-basis: calc(100% - 15rem); } }
@media (max-width: 640px) { .st-key-generate_chosen .stElementContainer:has(> .stImage) { width: 3.5rem; } }
</style>"""

EVERYWHERE = PAGE + EXPLORE + PHOTO + GENERATE + LESSON
"""What is in the page's HTML from the beginning, so that nothing jumps when a page is drawn."""
