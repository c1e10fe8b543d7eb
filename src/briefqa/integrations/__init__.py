"""briefqa inside of other frameworks. Each module needs its framework: pip install "briefqa[langchain]" or
"briefqa[llamaindex]"."""
