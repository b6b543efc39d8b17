#include "state/machine_program.h"

#include <fmt/format.h>

namespace slipway::state {
namespace {

constexpr std::size_t kMaxYielded = 1'000;  // values of one expression; `repeat(1)` would never end

/// The lines around it keep a comment at an expression's end from swallowing what follows.
std::string member(std::string_view name, const std::string& expression) {
  return fmt::format("{}: field((\n{}\n))", name, expression);
}

}  // namespace

std::string program_of(const MachineRule& rule) {
  const std::string facts =
      fmt::format("{}, {}, {}, {}, {}, {}", member("name", rule.name), member("address", rule.address),
                  member("groups", rule.groups), member("variables", rule.variables),
                  member("exporters", rule.exporters), member("labels", rule.labels));
  return fmt::format(
      "def field(f): try {{got: [limit({}; f)]}} catch {{failed: (if type == \"string\" then . else tojson "
      "end)}};\n"
      "{{{}}} as $asked | if $asked.when.got // [] | any then $asked + {{{}}} else $asked end",
      kMaxYielded, member("when", rule.when), facts);
}

}  // namespace slipway::state
