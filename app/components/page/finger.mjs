// A finger on a slider. Browsers move the knob to wherever a finger comes down, so a swipe that only scrolls the page
// would move a slider on its way. Here a slider heeds a finger once it moves sideways, and follows it from where the
// knob stands; up and down is left to the page (the style needs `touch-action: pan-y`). Mice and pens are left alone.

const SIDEWAYS = 6; // pixels that a finger moves across, and more across than down, before it means the slider
const KNOB = 18; // pixels of the track's ends that the knob's middle never reaches, both together

/**
 * Whether a movement since the finger came down means the slider.
 *
 * @param {number} across pixels
 * @param {number} down pixels
 */
export function isSideways(across, down) {
  return Math.abs(across) >= SIDEWAYS && Math.abs(across) > Math.abs(down);
}

/**
 * The weight after a movement, in the slider's range.
 *
 * @param {number} from the weight when the finger came down
 * @param {number} across pixels that it has moved
 * @param {number} width of the slider in pixels
 * @param {{low: number, high: number}} range
 */
export function slide(from, across, width, { low, high }) {
  const value = from + (across / Math.max(1, width - KNOB)) * (high - low);
  return Math.min(high, Math.max(low, value));
}

/**
 * Let a slider heed a finger only where it moves sideways. The slider's own events tell of it, as they do of a mouse.
 *
 * @param {HTMLInputElement} input of type range
 */
export function heedFinger(input) {
  /** @type {{id: number, x: number, y: number, from: number, value: string, sliding: boolean}|null} */
  let finger = null;
  let ours = false; // whether the event that is under way is one of our own

  const say = (/** @type {string} */ type) => {
    ours = true;
    input.dispatchEvent(new Event(type, { bubbles: true, composed: true }));
    ours = false;
  };
  // What the browser makes of the finger by itself is taken back before anybody hears of it.
  for (const type of ["input", "change"]) {
    input.addEventListener(type, (event) => {
      if (!finger || ours) return;
      event.stopImmediatePropagation();
      input.value = finger.value;
    });
  }
  input.addEventListener("pointerdown", (event) => {
    if (event.pointerType !== "touch" || finger?.sliding) return;
    event.preventDefault(); // no mouse events after it, which would move the knob as well
    finger = { id: event.pointerId, x: event.clientX, y: event.clientY, from: input.valueAsNumber, value: input.value, sliding: false };
  });
  input.addEventListener("pointermove", (event) => {
    if (!finger || finger.id !== event.pointerId) return;
    const across = event.clientX - finger.x;
    if (!finger.sliding && !isSideways(across, event.clientY - finger.y)) return;
    if (!finger.sliding) input.setPointerCapture?.(event.pointerId);
    finger.sliding = true;
    const range = { low: Number(input.min), high: Number(input.max) };
    input.value = String(slide(finger.from, across, input.clientWidth, range)); // the browser rounds it to a step
    if (input.value === finger.value) return;
    finger.value = input.value;
    say("input");
  });
  for (const end of ["pointerup", "pointercancel"]) {
    input.addEventListener(end, (event) => {
      const gone = finger;
      if (!gone || gone.id !== /** @type {PointerEvent} */ (event).pointerId) return;
      input.value = gone.value;
      if (gone.sliding) say("change");
      gone.sliding = false;
      // The browser's own last word comes after this event.
      setTimeout(() => {
        if (finger !== gone) return;
        input.value = gone.value;
        finger = null;
      });
    });
  }
}
