#define _DEFAULT_SOURCE
#include "transfers.h"

#include <stdatomic.h>
#include <unistd.h>

static atomic_int under_way;
static atomic_bool ending;

bool perilune_transfer_begin(void) {
    atomic_fetch_add(&under_way, 1);
    if (!atomic_load(&ending)) return true;
    atomic_fetch_sub(&under_way, 1);
    return false;
}

void perilune_transfer_end(void) { atomic_fetch_sub(&under_way, 1); }

bool perilune_transfers_give_up(void) { return atomic_load(&ending); }

void perilune_transfers_stop(void) {
    atomic_store(&ending, true);
    // libcurl asks at least once a second whether to go on. Only while it looks up a host it may not ask, but then it
    // is not in the TLS library either: after two seconds there is nothing left to wait for.
    for (int i = 0; i < 200 && atomic_load(&under_way) > 0; ++i) usleep(10000);
}
