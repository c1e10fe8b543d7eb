"""What an article says about itself: in front matter, in the lines around its text, in its file's name."""
