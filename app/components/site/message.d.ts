// Written by `python -m app.components.declarations` from message.py, which has the meaning.

/** How wide each face's posterior is: `url` gives uint8 codes [M, D]; the log variance is low + code * step. */
export interface SpreadMessage {
  url: string;
  low: string;
  step: string;
}

/** What belongs to the model and not to a point; `identity` and `weights` are beginnings of hashes. */
export interface SiteMessage {
  identity: string;
  weights: string;
  sha256: string;
  lastCelebA: number;
  targets: string;
  before: string;
  noise: string | null;
  spread: SpreadMessage | null;
  axes: Array<string>;
  words: Record<string, string>;
}
