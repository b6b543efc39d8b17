#include "tests/simulation/mutations/mutations.h"

#include <utility>

namespace slipway::simulation {
namespace {

std::string broken_now;

}  // namespace

bool broken(std::string_view mutation) { return mutation == broken_now; }

void break_rule(std::string mutation) { broken_now = std::move(mutation); }

}  // namespace slipway::simulation
