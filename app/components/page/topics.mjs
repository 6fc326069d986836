// Small notes between the components of one page: the pad says where the point is, the map listens.
// Every component imports this module under the same address, so all of them share one board.

/** @typedef {(value: any) => void} Listener what it is told depends on the topic */

/** @type {Map<string, any>} */
const lastValue = new Map();
/** @type {Map<string, Set<Listener>>} */
const listeners = new Map();

/**
 * Tell every subscriber of `topic`, and keep the value for those who come later.
 *
 * @param {string} topic
 * @param {any} value
 */
export function publish(topic, value) {
  lastValue.set(topic, value);
  for (const listener of [...(listeners.get(topic) ?? [])]) {
    try {
      listener(value);
    } catch (error) {
      console.error(`A listener of ${topic} failed`, error); // one component's fault must not stop another's drag
    }
  }
}

/**
 * Call `listener` with the last value of `topic`, if there is one, and with every later one.
 *
 * @param {string} topic
 * @param {Listener} listener
 * @returns {() => void} unsubscribes
 */
export function subscribe(topic, listener) {
  const those = listeners.get(topic) ?? new Set();
  listeners.set(topic, those.add(listener));
  if (lastValue.has(topic)) listener(lastValue.get(topic));
  return () => void those.delete(listener);
}

/**
 * Whether anybody has said anything of `topic` yet.
 *
 * @param {string} topic
 */
export const isKnown = (topic) => lastValue.has(topic);

/**
 * Resolves once `topic` has had a value, but after `patience` milliseconds at the latest.
 *
 * @param {string} topic
 * @param {number} patience
 * @returns {Promise<void>}
 */
export function firstOf(topic, patience) {
  if (lastValue.has(topic)) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      stop();
      clearTimeout(timer);
      resolve();
    };
    const stop = subscribe(topic, done); // no value yet, so `done` is not called before `timer` stands
    const timer = setTimeout(done, patience);
  });
}
