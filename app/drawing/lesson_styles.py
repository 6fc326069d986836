"""Our style of the lesson: on the page, on paper and on a projector. See page_styles.py for what it relies on."""

# One column, text in the middle of it with lines short enough to read, figures as wide as it. Captions are no paler
# than text. Widths are in rem, since presenter mode has larger type. The bar is in the middle, so it is shown once it
# is whole.
LESSON = """<style>
.stMainBlockContainer:has(.st-key-lesson_presenter, .st-key-lesson_notes) {
  padding-inline: max(2.5rem, 50% - 34.375rem); }
.st-key-lesson_steps { --fs-grid-width: 100%; --fs-face-side: 34rem; --fs-film-width: 100%; }
:is(.st-key-lesson_steps, .st-key-lesson_goals) .stElementContainer:has(> :is(.stMarkdown, .stHeading, .stAlert,
  .stCheckbox, .stExpander, .stButtonGroup)), .st-key-lesson_steps .stElementContainer:has(.stSlider),
.stMainBlockContainer:has(.st-key-lesson_bar) > .stVerticalBlock > .stElementContainer:has(> .stHeading),
.st-key-lesson_place,
.st-key-lesson_steps [class*="st-key-lesson_opening_"] .stExpander,
.st-key-lesson_steps [data-testid=stLayoutWrapper]:has(> .stHorizontalBlock > .stElementContainer) {
  width: 100%; max-width: 44rem !important; margin-inline: auto; }
.st-key-lesson_steps .stElementContainer:has(.stTable):not(:has(th:nth-child(4))) {
  width: 100%; max-width: 44rem; margin-inline: auto; }
.st-key-lesson_steps .stElementContainer:has(> .stDownloadButton),
.st-key-lesson_steps [data-testid=stLayoutWrapper]:has(> .stHorizontalBlock > .stColumn .stMetric) {
  width: 100%; max-width: 44rem; margin-inline: auto; } /* where the words about them begin */
.st-key-lesson_steps .stHorizontalBlock .stElementContainer { max-width: none; margin-inline: 0; }
.st-key-lesson_steps [data-testid=stLayoutWrapper][width="704px"],
:is(.st-key-lesson_next_below, .st-key-lesson_steps .stVerticalBlock > .stElementContainer:has(> .stButton)) {
  margin-inline: auto; }
[data-testid=stLayoutWrapper]:has(> .st-key-lesson_notes) { margin-inline: auto; }
.st-key-lesson_next_below { margin-top: 1.5rem; }
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
  .stApp .st-key-lesson_steps .stHorizontalBlock:has(> .stColumn:nth-child(5)) > .stColumn {
    flex: 1 1 calc((100% - 2rem) / 3); min-width: calc((100% - 2rem) / 3); } /* five maps in two rows */
  .st-key-lesson_steps .fs-net figure { min-width: 5.75rem; }
}
.fs-code { margin: 0; padding: 0.75rem; border-radius: 0.5rem; white-space: pre-wrap; overflow-wrap: anywhere;
  font-size: 0.75rem; line-height: 1.5; background: light-dark(#f0eee8, #20252a); color: inherit; }
.fs-code .arrow { white-space: nowrap; }
.fs-code .keyword { color: light-dark(#7c3aa0, #c9a3e8); }
.fs-code .name { color: light-dark(#1f5f8b, #86bfe8); }
.fs-code .string { color: light-dark(#2f6b2f, #9ccf8f); }
.fs-code .number { color: light-dark(#8f4400, #e0a96d); }
.fs-code .comment { color: light-dark(#5e646a, #a3a9af); }
@media (max-width: 640px) {
  .stMainBlockContainer:has(.st-key-lesson_presenter, .st-key-lesson_notes) { padding-inline: 1rem; }
  .st-key-lesson_steps .fs-row:has(figure:nth-child(3)) figure { width: calc((100% - 1.5rem) / 3); }
  .st-key-lesson_steps .fs-row:has(figure:nth-child(4):last-child) figure { width: calc(50% - 0.375rem); }
  .st-key-lesson_pair { flex-direction: row; & > .stElementContainer { flex: 1 1 0; min-width: 0; } }
  .st-key-lesson_bar > :has(.stSelectbox) { order: -1; flex: 1 0 100% !important; width: 100% !important; }
}
</style>"""

# The worksheet: on paper nothing but itself, each question on one page.
SHEET = """<style>
.stMainBlockContainer:has(.st-key-lesson_sheet) { max-width: 50rem; margin-inline: auto; }
.st-key-lesson_sheet ul { list-style: none; padding-left: 0; }
.fs-lines i { display: block; height: 2.1rem; border-bottom: 1px solid currentColor; opacity: 0.5; }
.st-key-lesson_sheet [class*="st-key-lesson_sheet_"] { break-inside: avoid; }
@page { margin: 12mm 15mm; }
@media print {
  html, body { background: #fff !important; }
  .fs-lines i { height: 1.7rem; }
  /* Two questions to a page, to the first as well. */
  .st-key-lesson_sheet :is(p, li) { font-size: 0.9375rem !important; line-height: 1.5; }
  .stApp .st-key-lesson_sheet h2 { padding: 0 0 0.5rem; }
  .st-key-lesson_sheet .stVerticalBlock { gap: 0.5rem !important; }
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
  --fs-vh: calc(1vh * var(--fs-fit, 1));
  --fs-face-side: min(32rem, 46 * var(--fs-vh)) !important; --fs-save: none; --fs-kept: auto; }
.stApp header, .st-key-shelf, .st-key-lesson_next_below, .st-key-language, [data-testid=stHeaderActionElements],
[data-testid=stLayoutWrapper]:has(> :is(.st-key-lesson_bar, .st-key-lesson_place, .st-key-lesson_goals)) {
  display: none; }
.st-key-corner { position: fixed !important; inset: auto auto 0.375rem 1rem !important;
  zoom: calc(1 / var(--fs-fit, 1)); } /* as the bar */
[data-testid=stMain] { height: calc(100% - 3.25rem / var(--fs-fit, 1)) !important; }
.stMainBlockContainer.stMainBlockContainer {
  max-width: none; padding: 0.5rem calc(3rem / var(--fs-fit, 1)) 1rem !important; }
.st-key-map { min-height: 0; }
.fs-chart.fs-chart { /* letters that are read from the last row */
  --letter: max(14px, 2.5 * var(--fs-vh)); --tall: min(var(--height) * var(--fs-vh) / 6, 50 * var(--fs-vh)); }
.fs-cells.fs-cells.fs-cells {
  --row: calc(76 * var(--fs-vh) / var(--rows)) !important; --letter: calc(var(--row) * 0.8); }
.stMainBlockContainer > .stVerticalBlock { gap: 0.5rem; }
.stMainBlockContainer:has(.st-key-lesson_bar) > .stVerticalBlock > .stElementContainer:has(> .stHeading) {
  max-width: none !important; }
.stMainBlockContainer h1 { font-size: calc(1.4rem / var(--fs-fit, 1)); padding: 0 0 1.25rem; }
.st-key-lesson_steps { position: relative; gap: 0; --fs-face-side: calc(46 * var(--fs-vh)); }
.st-key-lesson_steps > [data-testid=stLayoutWrapper] + [data-testid=stLayoutWrapper] { margin-top: 0; }
.st-key-lesson_steps.st-key-lesson_steps.st-key-lesson_steps > [data-testid=stLayoutWrapper] {
  visibility: visible; } /* a slide does not wait for the figures of those before it */
.st-key-lesson_steps [data-testid=stLayoutWrapper][width="704px"] { width: min(100%, 46rem); }
.st-key-lesson_steps :is(.stMarkdown :is(p, li), .stRadio label p) { font-size: 1.1rem; }
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
  html[data-slide-columns="2"] .stElementContainer:has(.stHeading, .stMarkdown strong:first-child) {
    break-after: avoid; } /* a heading is with what it heads */
}
@media (min-width: 900px) { html:is([data-slide-columns="beside"], [data-slide-columns="wide"]) {
  /* words and controls beside a large figure */
  [class*=st-key-lesson_step_] { display: grid !important; column-gap: 3rem; row-gap: 0.75rem;
    grid-template: repeat(15, min-content) 1fr / minmax(0, var(--words, 5fr)) minmax(0, 6fr);
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
    &:not(:has(.stHorizontalBlock, .fs-graph)) .fs-row:has(figure:nth-child(3):last-child) {
      display: grid; grid-template-columns: repeat(2, minmax(0, 31vh)); }
    &:not(:has(.stHorizontalBlock, .fs-graph)) .fs-row:has(figure:nth-child(3)) figure { width: auto; } /* a cell's */
    .stElementContainer .fs-row figure:only-child img { max-height: 46vh; } }
} }
.atlas-map .am-frame { height: calc(50 * var(--fs-vh)); }
html[data-slide-columns="wide"] { --words: 3fr; }
html:is([data-slide-columns="beside"], [data-slide-columns="wide"]) .atlas-map .am-frame { height: 62vh; }
.st-key-lesson_steps.st-key-lesson_steps .fs-row figure:not(:only-child) {
  flex-basis: min(var(--side), 36 * var(--fs-vh)); }
.st-key-lesson_steps.st-key-lesson_steps .fs-row figure:only-child { flex: 0 0 auto; width: 100%; max-width: 100%;
  text-align: center; } /* as the picture is in its room */
.st-key-lesson_steps .fs-row figure:only-child img {
  height: auto; max-height: calc(46 * var(--fs-vh)); object-fit: contain; }
.st-key-lesson_steps .stElementContainer:has(.fs-row figure:only-child) ~ .stElementContainer
  .fs-row figure:only-child img { max-height: calc(18 * var(--fs-vh)); }
.st-key-lesson_steps .stElementContainer:has(~ .stElementContainer .fs-row figure:only-child)
  .fs-row figure:only-child img { max-height: calc(18 * var(--fs-vh)); }
.st-key-lesson_steps [data-testid=stMetricValue] { font-size: 1.25rem; }
.st-key-lesson_steps { --fs-grid-width: min(100%, 72 * var(--fs-vh)); }
@media (min-width: 641px) { /* on a phone as on its page: rows of six would have letters that nobody reads */
  .fs-net.fs-net { justify-content: center; } /* encoder above, decoder below */
  .fs-net.fs-net.fs-net figure { min-width: 0; flex: 0 0 13.5%; }
  .fs-net figure > b, .fs-net > span { height: 7rem; zoom: 1.1; }
  .fs-net figcaption { font-size: 0.9rem; }
}
@media (max-width: 640px) {
  .stMainBlockContainer.stMainBlockContainer { padding: 0.5rem 1rem 1rem !important; }
  .stApp:has(.st-key-join) { /* what a class has more stands above the bar, which is as wide as a phone */
    .st-key-corner { inset: auto auto 3.5rem 1rem !important; }
    [data-testid=stMain] { height: calc(100% - 6.5rem / var(--fs-fit, 1)) !important; } }
}
</style>"""


def until_loaded(first: str) -> str:
    """Style that shows one slide until the browser's part has loaded: like that, the last one if it is not there.

    Args:
        first: selector of the slide, such as ".st-key-name".
    """
    steps = "html:not([data-presenter]) .st-key-lesson_steps"
    others = f"{steps}:has({first}) > [data-testid=stLayoutWrapper]:not(:has({first}))"
    return f"<style>{others}, {steps}:not(:has({first})) > :not(:last-child) {{ display: none; }}</style>"
