"""The numbers: compiled loops over lanes (neighbouring paths), without labels and without files."""
