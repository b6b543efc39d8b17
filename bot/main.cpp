#include "bot/cli/cli.h"
#include "runner/runner.h"

#include <malloc.h>
#include <sys/resource.h>

int main(int argc, char** argv) {
  // Each arena of malloc keeps what its threads freed; a handful of threads needs no more than two.
  mallopt(M_ARENA_MAX, 2);
  // A thousand connections and all the rest are more than the usual soft limit of descriptors.
  rlimit files{};
  if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
  }
  slipway::runner::remember_self();
  return slipway::cli::run(argc, argv);
}
