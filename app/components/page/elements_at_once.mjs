// Streamlit's elements, drawn the first time they come, where React would put something else in the place of each.
//
// Streamlit loads the code of each kind of element when the first one comes (`React.lazy`). React 18 leaves such an element
// out at first even where its code is there by then, since a promise says so only later; and having left something out, it
// waits for up to half a second before it shows any of what was missing (`FALLBACK_THROTTLE_MS`). So what loads a kind is
// kept here, is begun before the first element comes, and answers React at once when its code is there.

/** @typedef {{ lazy: (load: () => PromiseLike<any>) => any }} React */
/** @typedef {{ source: string, begin: () => PromiseLike<any> }} Kind */

const FROM = "react"; // of the script's `data-`: the module with React, and what it exports it by

/** @type {Kind[]} */
const kinds = [];

/**
 * Have React ask here for what is to be loaded; call it before Streamlit's code runs.
 *
 * @param {React} react
 * @param {Kind[]} known gets what is lazy from then on
 */
export function keepLoaders(react, known = kinds) {
  const { lazy } = react;
  react.lazy = (load) => {
    /** @type {PromiseLike<any>|undefined} */
    let begun;
    /** @type {any} */
    let loaded;
    const begin = () => {
      begun ??= Promise.resolve().then(load).then(
        (module) => (loaded = module),
        (problem) => {
          begun = undefined; // so that it is tried again when it is needed
          throw problem;
        },
      );
      return begun;
    };
    const source = String(load);
    known.push({ source, begin });
    return lazy(() => (loaded ? atOnce(loaded) : begin()));
  };
}

/** What answers React at once, which a promise never does. @param {any} value @returns {PromiseLike<any>} */
function atOnce(value) {
  // biome-ignore lint/suspicious/noThenProperty: all that React asks of it
  return /** @type {any} */ ({ then: (/** @type {(value: any) => void} */ done) => done(value) });
}

/** @param {string} address */
function fileOf(address) {
  return address.slice(address.lastIndexOf("/"));
}

/**
 * Load and run the code of an element, by its address.
 *
 * @param {string} address relative to the page
 * @param {Kind[]} known
 * @returns {Promise<any>}
 */
export async function begin(address, known = kinds) {
  const file = fileOf(address);
  const kind = known.find(({ source }) => source.includes(file));
  return kind ? kind.begin() : import(new URL(address, document.baseURI).href);
}

const said = globalThis.document?.querySelector?.(`script[data-${FROM}]`)?.getAttribute(`data-${FROM}`);
if (said) {
  const [address, name] = said.split("#");
  import(new URL(address, document.baseURI).href).then((module) => {
    const react = module[name]?.();
    if (typeof react?.lazy === "function") keepLoaders(react);
  }, console.warn);
}
