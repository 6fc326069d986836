"""What a page has asked its server for and has not got yet: runs of its script.

Streamlit's page says that a script is running once the server has said so. Between a click, or the opening of the page,
and that word all looks as if it were done; on a busy machine this takes a second. So each page of a browser test
listens to what it sends and hears itself.

Relies on: Streamlit's messages `BackMsg` and `ForwardMsg`, and the order in which a server sends those of a run.
"""

from __future__ import annotations

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

ASKED = BackMsg.DESCRIPTOR.fields_by_name["rerun_script"].number
BEGUN = ForwardMsg.DESCRIPTOR.fields_by_name["new_session"].number
ENDED = ForwardMsg.DESCRIPTOR.fields_by_name["script_finished"].number
CUT_SHORT = ForwardMsg.FINISHED_EARLY_FOR_RERUN  # another one begins at once

LISTEN = f"""(() => {{
  let opened = false, asked = false, begun = false, running = false;
  // Field by field: its number, and its value where that is a number.
  const fields = (bytes) => {{
    const found = new Map();
    for (let at = 0; at < bytes.length; ) {{
      const number = () => {{
        let value = 0, place = 1, byte;
        do {{
          byte = bytes[at++];
          value += (byte & 127) * place;
          place *= 128;
        }} while (byte & 128);
        return value;
      }};
      const tag = number(), kind = tag % 8;
      const value = kind === 0 || kind === 2 ? number() : 0;
      if (kind === 2) at += value;
      else if (kind === 1) at += 8;
      else if (kind === 5) at += 4;
      found.set(Math.floor(tag / 8), value);
    }}
    return found;
  }};
  const hear = (found) => {{
    if (found.has({BEGUN})) [asked, begun, running] = [false, true, true];
    if (found.has({ENDED})) running = found.get({ENDED}) === {CUT_SHORT};
  }};
  window.WebSocket = class extends window.WebSocket {{
    constructor(address, ...more) {{
      super(address, ...more);
      this.ours = String(address).includes("/_stcore/stream");
      if (!this.ours) return;
      opened = true;
      this.addEventListener("message", ({{ data }}) => hear(fields(new Uint8Array(data))));
      this.addEventListener("close", () => ([asked, running] = [false, false]));
    }}
    send(data) {{
      if (this.ours && fields(new Uint8Array(data.buffer ?? data, data.byteOffset, data.byteLength)).has({ASKED}))
        asked = true;
      super.send(data);
    }}
  }};
  window.awaitsRun = () => asked || running || (opened && !begun);
}})();"""
"""Run in a page before its own scripts. A page without a server of Streamlit's waits for nothing."""
