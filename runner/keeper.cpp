#include "runner/runner.h"
namespace slipway::runner {
int keep_child() { return 2; }
}  // namespace slipway::runner
