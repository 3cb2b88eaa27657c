int perilune_placeholder(void);
