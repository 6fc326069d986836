/** What Streamlit's components (v2) hand to a renderer, as far as ours use it. */
export interface Component<Message> {
  data: Message;
  parentElement: HTMLElement | ShadowRoot;
  /** Tell Python, which keeps the value until the next one. */
  setStateValue(name: string, value: unknown): void;
  /** Tell Python, which sees the value in one run only. */
  setTriggerValue(name: string, value: unknown): void;
}
