#include "bot/cli/cli.h"
#include "runner/runner.h"

#include <malloc.h>

int main(int argc, char** argv) {
  // Each arena of malloc keeps what its threads freed; a handful of threads needs no more than two.
  mallopt(M_ARENA_MAX, 2);
  slipway::runner::remember_self();
  return slipway::cli::run(argc, argv);
}
