"""ONNX: our decoders for the browser, and networks that were made elsewhere."""
