// The requests that are under way, for the end of the process to wait for.
#ifndef PERILUNE_CCURLBRIDGE_TRANSFERS_H
#define PERILUNE_CCURLBRIDGE_TRANSFERS_H

#include <stdbool.h>

/// False where the process is ending and nothing may begin any more. Otherwise `perilune_transfer_end` has to follow.
bool perilune_transfer_begin(void);
void perilune_transfer_end(void);
/// Whether whatever is under way has to give up.
bool perilune_transfers_give_up(void);
/// Ends all requests, for `atexit`.
void perilune_transfers_stop(void);

#endif
