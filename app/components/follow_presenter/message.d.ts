// Written by `python -m app.components.declarations` from message.py, which has the meaning.

/** The chapter on screen here; it answers with the chapter that is presented in another window. */
export interface FollowMessage {
  base: string;
  chapter: string;
}
