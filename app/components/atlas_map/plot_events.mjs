// What Plotly says of what a hand does on the map.

import { _ } from "../page/texts.mjs";

/** @import { AtlasMap } from "./map.mjs" */

/**
 * Hear of it from now on.
 *
 * @param {AtlasMap} map whose plot is drawn
 */
export function hearPlotly(map) {
  const { plot } = map.dom;
  plot.on("plotly_relayout", () => map.moved());
  plot.on("plotly_relayouting", (event) => {
    map.view.follow(event);
    map.place();
  });
  // Taking the outline away reports a selection without outlines, which is not the hand's doing.
  plot.on("plotly_selected", (event) => event?.selections?.length && map.selection.take(event));
  plot.on("plotly_deselect", () => map.selection.clear());
  plot.on("plotly_doubleclick", () => map.view.showAll());
  plot.on("plotly_webglcontextlost", () => map.fail(new Error(_("The graphics card let the map go; reload the page."))));
}
