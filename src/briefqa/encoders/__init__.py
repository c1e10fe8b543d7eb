"""Text to unit vectors: sentence-transformers when building, the same model as ONNX when asking."""
