"""Our style of Streamlit's own page, in one place.

Streamlit promises nothing about its elements but the class `st-key-<key>` of a container. The classes `st...` and the
test ids here are its own names, which a new version may change; tests/app/drawing/test_page_styles.py says which of
them the installed version does not have.
"""

# What takes a moment to come has its room from the beginning, or none where it draws nothing.
# A projector has no room to spare above the title. The corner lies neither over the pages' names nor over what closes a
# phone's list of them.
PAGE = """<style>
.stMainBlockContainer { padding: 4rem 2.5rem 2rem; max-width: none; }
.stApp [data-testid=stCaptionContainer] { color: inherit; opacity: 0.8; }
.stApp h1 { padding: 0.25rem 0 0.5rem; }
.stApp .stHeading h2 { padding: 0.5rem 0 1rem; }
body .stToastContainer { top: auto; bottom: 1rem; } /* not over the open shelf; it stands outside of .stApp */
.st-key-page_top { position: absolute; height: 0; }
.st-key-map { min-height: calc(min(560px, 100vw) + 4rem); }
.st-key-explore_columns { --am-room: max(22rem, 100vh - 24rem); } /* the map, in the first screen */
.st-key-explore_columns .st-key-map { min-height: calc(min(560px, 100vw, var(--am-room)) + 6rem); }
:is(.st-key-current_model, [class*=st-key-generate_]) .stButtonGroup [role=radiogroup] button {
  min-height: 2.5rem; } /* as boxes are */
.stElementContainer:is(.st-key-current_model, [class*=st-key-morph_], [class*=st-key-lesson_][class*=_note]):has(
  > [data-testid=stSkeleton]) {
  min-height: 3.75rem; }
.stElementContainer:is(.st-key-colouring, .st-key-map_layout, .st-key-edit_fixed, [class*=st-key-generate_]):has(
  > [data-testid=stSkeleton]) { min-height: 4.25rem; }
.stElementContainer:has(> [data-testid=stSkeleton]) {
  &.st-key-current_model { min-width: 6.5rem; }
  &.st-key-random_face { min-width: 7.875rem; }
  &.st-key-generate_count { min-width: 8.875rem; }
  &.st-key-generate_next { min-width: 6.6875rem; }
  &.st-key-edit_all { min-width: 12.75rem; }
  &.st-key-morph_show { min-width: min(20.8125rem, 100%); }
  &.st-key-morph_way { min-width: 11.5625rem; }
  &.st-key-morph_count { min-width: 7.5625rem; }
  &[class*=st-key-keep-] { min-width: 9.4375rem; }
  &[class*=st-key-save-grid-] { min-width: 7.625rem; }
}
.stElementContainer[class*=st-key-morph-] { min-height: 42rem; }
.stElementContainer.st-key-edit { min-height: 100vh; }
.st-key-explore_columns .stElementContainer.st-key-pad { min-height: 38rem; }
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
.st-key-corner { position: fixed; top: 0.65rem; right: 4.5rem; z-index: 999991; width: auto !important; }
@media (min-width: 641px) and (max-width: 1080px) { /* gone with the title: it would lie on what scrolls */
  .st-key-corner { position: absolute; top: 4.25rem; right: 2.5rem; } }
@media (max-width: 1080px) {
  .stHorizontalBlock { row-gap: 0.75rem; }
  .stApp .stMarkdown table :is(th, td) { padding: 0.4rem; }
}
@media (max-width: 640px) {
  .stMainBlockContainer { padding: 4rem 1rem 2rem; }
  .stApp .stButtonGroup :is([role=radiogroup], [role=toolbar]) { flex-wrap: wrap; }
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
@media (max-width: 640px) {
  .st-key-photo_columns .stColumn:last-child { order: -1; min-height: 34rem; } /* what happens to a photo */
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
    :has(~ [data-testid=stLayoutWrapper] > .st-key-explore_columns)) { display: none; }
}
</style>"""

# A photo beside what the models make of it: on a wide window the pictures grow until both are about as high.
# Before there is a photo its sliders are mounted out of sight.
PHOTO = """<style>
.stMainBlockContainer:not(:has(.st-key-photo_face)) :has(> .st-key-photo-pad) { display: none; }
.st-key-photo_face .fs-row { display: grid;
  grid-template-columns: repeat(auto-fill, max(6.5rem, min(18rem, (100% - 3rem) / 5))); }
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
@media (max-width: 640px) { .st-key-generate_chosen .stElementContainer:has(> .stImage) { width: 3.5rem; } }
</style>"""

# One column, text in the middle of it with lines short enough to read, figures as wide as it. Captions are no paler
# than text. Widths are in rem, since presenter mode has larger type. The bar is in the middle, so it is shown once it
# is whole.
LESSON = """<style>
.stMainBlockContainer:has(.st-key-lesson_presenter, .st-key-lesson_notes) {
  padding-inline: max(2.5rem, 50% - 34.375rem); }
.st-key-lesson_steps { --fs-grid-width: 100%; --fs-face-side: 32rem; --fs-film-width: 100%; }
:is(.st-key-lesson_steps, .st-key-lesson_goals) .stElementContainer:has(> :is(.stMarkdown, .stHeading, .stAlert,
  .stCheckbox, .stExpander, .stButtonGroup)), .st-key-lesson_steps .stElementContainer:has(.stSlider),
.stMainBlockContainer:has(.st-key-lesson_bar) > .stVerticalBlock > .stElementContainer:has(> .stHeading),
.st-key-lesson_place,
.st-key-lesson_steps [class*="st-key-lesson_opening_"] .stExpander,
.st-key-lesson_steps [data-testid=stLayoutWrapper]:has(> .stHorizontalBlock > .stElementContainer) {
  width: 100%; max-width: 44rem !important; margin-inline: auto; }
.st-key-lesson_steps .stElementContainer:has(.stTable):not(:has(th:nth-child(4))) {
  width: 100%; max-width: 44rem; margin-inline: auto; }
.st-key-lesson_steps .stHorizontalBlock .stElementContainer { max-width: none; margin-inline: 0; }
.st-key-lesson_steps [data-testid=stLayoutWrapper][width="704px"],
:is(.st-key-lesson_next_below, .st-key-lesson_steps .stVerticalBlock > .stElementContainer:has(> .stButton)) {
  margin-inline: auto; }
[data-testid=stLayoutWrapper]:has(> .st-key-lesson_notes) { margin-inline: auto; }
.st-key-lesson_steps :is(.stElementContainer, [data-testid=stLayoutWrapper]):has([data-testid=stSkeleton]) ~ * {
  visibility: hidden; } /* what stands below a figure whose code is still on its way would jump when that comes */
.stApp:has(.st-key-lesson_notes) .st-key-corner { display: none; } /* the notes have nothing to keep on the shelf */
.st-key-lesson_bar { justify-content: center; }
.st-key-lesson_bar:not(:has(.st-key-lesson_anew .stButton):has(.stSelectbox)) { visibility: hidden; }
@media (max-width: 1140px) { .st-key-lesson_bar { min-height: 5.75rem; } } /* the rows that it will have */
@media (max-width: 640px) { .st-key-lesson_bar { min-height: 12.25rem; } }
.st-key-lesson_steps :is(.stMarkdown, small, [data-testid=stCaptionContainer]) { color: inherit; opacity: 1; }
.st-key-lesson_steps figcaption { opacity: 1; }
.st-key-lesson_steps > [data-testid=stLayoutWrapper] + [data-testid=stLayoutWrapper] { margin-top: 1.5rem; }
.st-key-lesson_steps .stButtonGroup [role=radiogroup] { flex-wrap: wrap; }
@media (min-width: 641px) {
  .st-key-lesson_steps .fs-net figure { flex: 1 1 0; width: auto; min-width: 3.5rem; }
  .st-key-lesson_steps .fs-row { flex-wrap: nowrap; justify-content: center; }
  .st-key-lesson_steps .fs-row figure { flex: 0 1 var(--side); max-width: none; }
}
@media (min-width: 641px) and (max-width: 1080px) { /* encoder above, decoder below: no word is broken */
  .st-key-lesson_steps .fs-net { flex-wrap: wrap; }
  .st-key-lesson_steps .fs-net figure { min-width: 5.75rem; }
}
@media (max-width: 640px) {
  .stMainBlockContainer:has(.st-key-lesson_presenter, .st-key-lesson_notes) { padding-inline: 1rem; }
  .st-key-lesson_steps .fs-row:has(figure:nth-child(3)) figure { width: calc((100% - 1.5rem) / 3); }
  .st-key-lesson_steps .fs-row:has(figure:nth-child(4):last-child) figure { width: calc(50% - 0.375rem); }
  .st-key-lesson_bar > :has(.stSelectbox) { order: -1; flex: 1 0 100% !important; width: 100% !important; }
}
</style>"""

EVERYWHERE = PAGE + EXPLORE + PHOTO + GENERATE + LESSON
"""What is in the page's HTML from the beginning, so that nothing jumps when a page is drawn."""

# The worksheet: on paper nothing but itself, each question on one page.
SHEET = """<style>
.stMainBlockContainer:has(.st-key-lesson_sheet) { max-width: 50rem; margin-inline: auto; }
.st-key-lesson_sheet ul { list-style: none; padding-left: 0; }
.fs-lines i { display: block; height: 2.1rem; border-bottom: 1px solid currentColor; opacity: 0.5; }
.st-key-lesson_sheet [class*="st-key-lesson_sheet_"] { break-inside: avoid; }
@media print {
  .stApp header, .st-key-corner, .st-key-language, .st-key-lesson_sheet_words, [data-testid=stStatusWidget],
  [data-testid=stToolbar] { display: none !important; }
  html, body, #root, .stApp, .stApp *:has(.st-key-lesson_sheet) {
    position: static !important; height: auto !important; min-height: 0 !important; overflow: visible !important; }
  .stApp, .stApp * { color: #000 !important; background: #fff !important; }
  .stMainBlockContainer { padding: 0 !important; }
}
</style>"""

# Type grows with the screen in both directions, so that a step fits a projector of 1280 x 720 as one of 1920 x 1080.
# Below the steps a strip stays free for the presenter's bar. A step that is too high is drawn smaller (--fs-fit, which
# the bar's part in the browser sets).
PRESENTING = """<style>
html { font-size: calc(clamp(16px, min(1.6vw, 2.8vh), 40px) * var(--fs-fit, 1)) !important;
  --fs-vh: calc(1vh * var(--fs-fit, 1)); --fs-chart: calc(0.125 * var(--fs-vh));
  --fs-face-side: min(32rem, 46 * var(--fs-vh)) !important; }
.stApp header, .st-key-shelf, .st-key-lesson_next_below, .st-key-language,
[data-testid=stLayoutWrapper]:has(> :is(.st-key-lesson_bar, .st-key-lesson_place, .st-key-lesson_goals)) {
  display: none; }
.st-key-corner { top: auto !important; right: auto !important; bottom: 0.375rem; left: 1rem; }
[data-testid=stMain] { height: calc(100% - 3.25rem / var(--fs-fit, 1)) !important; }
.stMainBlockContainer.stMainBlockContainer {
  max-width: none; padding: 0.5rem calc(3rem / var(--fs-fit, 1)) 1rem !important; }
.st-key-map { min-height: 0; }
.stMainBlockContainer > .stVerticalBlock { gap: 0.5rem; }
.stMainBlockContainer:has(.st-key-lesson_bar) > .stVerticalBlock > .stElementContainer:has(> .stHeading) {
  max-width: none !important; }
.stMainBlockContainer h1 { font-size: calc(1.4rem / var(--fs-fit, 1)); padding: 0 0 1.25rem; }
.st-key-lesson_steps { position: relative; gap: 0; --fs-face-side: calc(46 * var(--fs-vh)); }
.st-key-lesson_steps > [data-testid=stLayoutWrapper] + [data-testid=stLayoutWrapper] { margin-top: 0; }
.st-key-lesson_steps [data-testid=stLayoutWrapper][width="704px"] { width: min(100%, 46rem); }
.st-key-lesson_steps .stMarkdown :is(p, li) { font-size: 1.1rem; }
.st-key-lesson_steps .stMarkdown :is([data-testid=stCaptionContainer], small) :is(p, li) { font-size: 0.95rem; }
.st-key-lesson_steps table :is(th, td) { font-size: 1.05rem; }
@media (min-width: 900px) {
  [class*="st-key-lesson_opening_"] { flex-direction: row; align-items: center; gap: 3rem; }
  [class*="st-key-lesson_opening_"] > [data-testid=stLayoutWrapper] { flex: 1 1 0; width: auto; }
}
@media (min-width: 900px) { /* a step that would be too small */
  html[data-slide-columns="2"] [class*=st-key-lesson_step_] { column-count: 2; column-gap: 3rem; }
  html[data-slide-columns="2"] :is([class*=st-key-lesson_step_],
    [class*=st-key-lesson_step_] [data-testid=stLayoutWrapper] > .stVerticalBlock) { display: block !important; }
  html[data-slide-columns="2"] [class*=st-key-lesson_step_] :is(.stElementContainer,
    [data-testid=stLayoutWrapper]:has(> .stHorizontalBlock)) { break-inside: avoid; margin-bottom: 1rem; }
}
@media (min-width: 900px) { html[data-slide-columns="beside"] { /* words and controls beside a large figure */
  [class*=st-key-lesson_step_] { display: grid !important; column-gap: 3rem; row-gap: 0.75rem;
    grid-template: repeat(15, min-content) 1fr / minmax(0, 5fr) minmax(0, 6fr);
    :is(.stVerticalBlock, [data-testid=stLayoutWrapper]):has([class*=st-key-lesson_figure_]) {
      display: contents !important; }
    :is(.stElementContainer, [data-testid=stLayoutWrapper]) { grid-column: 1; } }
  .st-key-lesson_steps.st-key-lesson_steps [class*=st-key-lesson_figure_] { /* large whatever size the letters have */
    grid-column: 2; grid-row: 1 / span 16; justify-content: start;
    .fs-row { justify-content: start; }
    &:not(:has(.stHorizontalBlock)) .fs-row:has(figure:nth-child(4)) {
      display: grid; grid-template-columns: repeat(2, minmax(0, 30vh)); }
    &:not(:has(.stHorizontalBlock)) .fs-row:has(figure:nth-child(5)) {
      grid-template-columns: repeat(3, minmax(0, 30vh)); }
    .stElementContainer .fs-row figure:only-child img { max-height: 46vh; } }
} }
.atlas-map .am-frame { height: calc(50 * var(--fs-vh)); }
html[data-slide-columns="beside"] .atlas-map .am-frame { height: 62vh; }
.st-key-lesson_steps.st-key-lesson_steps .fs-row figure:not(:only-child) {
  flex-basis: min(var(--side), 36 * var(--fs-vh)); }
.st-key-lesson_steps.st-key-lesson_steps .fs-row figure:only-child { flex: 0 0 auto; width: 100%; max-width: 100%; }
.st-key-lesson_steps .fs-row figure:only-child img {
  height: auto; max-height: calc(46 * var(--fs-vh)); object-fit: contain; }
.st-key-lesson_steps .stElementContainer:has(.fs-row figure:only-child) ~ .stElementContainer
  .fs-row figure:only-child img { max-height: calc(18 * var(--fs-vh)); }
.st-key-lesson_steps .stElementContainer:has(~ .stElementContainer .fs-row figure:only-child)
  .fs-row figure:only-child img { max-height: calc(18 * var(--fs-vh)); }
.st-key-lesson_steps [data-testid=stMetricValue] { font-size: 1.25rem; }
.st-key-lesson_steps .stImage img { width: auto !important; max-height: calc(60 * var(--fs-vh)); }
.st-key-lesson_steps { --fs-grid-width: min(100%, 72 * var(--fs-vh)); }
.fs-net figure { width: auto !important; flex: 1 1 0 !important; }
@media (min-height: 900px) { .fs-net :is(figure > b, span) { zoom: 1.4; } }
@media (max-width: 640px) { .stMainBlockContainer.stMainBlockContainer { padding: 0.5rem 1rem 1rem !important; } }
</style>"""
