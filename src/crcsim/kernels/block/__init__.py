"""What Python calls: a chunk of paths, block by block, group by group (`group` orders the stages)."""
