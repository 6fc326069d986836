"""What a page awaits, told from Streamlit's own messages, without a browser."""

from __future__ import annotations

import json

from google.protobuf.message import Message
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.app.static_site.test_folder import node
from tests.browser.runs import CUT_SHORT, LISTEN

SOCKET = """
globalThis.window = globalThis;
window.WebSocket = class extends EventTarget { send() {} };
const [listen, messages] = process.argv.slice(1);
(0, eval)(listen);
const awaits = [window.awaitsRun()];
const socket = new WebSocket("ws://localhost/_stcore/stream");
awaits.push(window.awaitsRun());
for (const [way, bytes] of JSON.parse(messages)) {
  const data = new Uint8Array(Buffer.from(bytes, "hex"));
  if (way === "send") socket.send(data);
  else socket.dispatchEvent(Object.assign(new Event("message"), { data: data.buffer }));
  awaits.push(window.awaitsRun());
}
console.log(JSON.stringify(awaits));
"""


def awaits(*messages: Message) -> list[bool]:
    """Whether a page awaits a run: without a connection, with one, and after each message that is sent or heard."""
    told = [("send" if isinstance(one, BackMsg) else "hear", one.SerializeToString().hex()) for one in messages]
    return list(json.loads(node(SOCKET, LISTEN, json.dumps(told))))


def ended(status: ForwardMsg.ScriptFinishedStatus.ValueType) -> ForwardMsg:
    return ForwardMsg(script_finished=status)


def test_a_run_is_awaited_from_the_press_to_its_end() -> None:
    ask, begun, drawn = BackMsg(), ForwardMsg(hash="x" * 200), ForwardMsg()
    ask.rerun_script.query_string = "model=vae"
    begun.new_session.name = "Facespace"
    begun.metadata.run.script_run_id = "7"
    drawn.delta.new_element.text.body = "a" * 20_000
    whole, early = ended(ForwardMsg.FINISHED_SUCCESSFULLY), ended(CUT_SHORT)
    assert awaits(ask, begun, drawn, whole) == [False, True, True, True, True, False]
    assert awaits(begun, whole, ask, begun, early, begun, whole)[3:] == [False, True, True, True, True, False]
    assert awaits(begun, whole, BackMsg(app_heartbeat=True), drawn)[3:] == [False, False, False]
