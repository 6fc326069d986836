// Written by `python -m app.components.declarations` from message.py, which has the meaning.

/** Codes of the M encoded faces: `url` gives float16 [M, D]. */
export interface CodesMessage {
  url: string;
  points: number;
}

/** How wide each face's posterior is: `url` gives uint8 codes [M, D]; the log variance is low + code * step. */
export interface SpreadMessage {
  url: string;
  low: string;
  step: string;
}

/** A mixture of K normal distributions; `url` gives float32 a component: mean [D], then a factor of the covariance. The factor is its diagonal [D], or its lower triangle row by row. Without an address it is N(0, I). The learned prior has no components. What moves held-out faces a little has their rows there, and behind them, where there is no spread, standard deviations [D]. */
export interface SamplerMessage {
  key: string;
  name: string;
  explanation: string;
  quality: string;
  weights: Array<number>;
  url: string | null;
  triangular: boolean;
}

/** The learned prior: `url` gives the checkpoint's prior.safetensors as it is. */
export interface PriorMessage {
  url: string;
  attributes: Array<string>;
  offered: Record<string, string>;
  guidance: number;
  steps: number;
  blocks: number;
}

/** What *Your face* is given besides; without an encoder that page says why it cannot encode. */
export interface FaceMessage {
  encoder: string | null;
  side: number;
  corrected: boolean;
  detector: Array<string>;
}

/** Image numbers of faces that *Morph* begins with. */
export interface MorphMessage {
  pair: Array<number>;
  others: Array<number>;
}

/** What belongs to the model and not to a point; `identity` and `weights` are beginnings of hashes. */
export interface SiteMessage {
  model: string;
  decoder: string;
  dimensions: number;
  identity: string;
  weights: string;
  sha256: string;
  lastCelebA: number;
  targets: string;
  before: string;
  noise: string | null;
  spread: SpreadMessage | null;
  zeros: Record<string, number>;
  axes: Array<string>;
  codes: CodesMessage;
  samplers: Array<SamplerMessage>;
  prior: PriorMessage | null;
  words: Record<string, string>;
}
