#include "templates/counts.h"

#include "templates/characters.h"

#include <array>
#include <string_view>

namespace slipway::templates {
namespace {

struct Count {
  std::size_t number;
  std::string_view sign;
  std::string_view to_do;
  std::string_view done;
};

std::array<Count, 7> parts(const PlanCounts& counts) {
  return {{{counts.create, "+", "to add", "added"},
           {counts.update, "~", "to change", "changed"},
           {counts.destroy, "−", "to destroy", "destroyed"},
           {counts.replace, "±", "to replace", "replaced"},
           {counts.import, "⤓", "to import", "imported"},
           {counts.move, "→", "to move", "moved"},
           {counts.forget, "✂", "to forget", "forgotten"}}};
}

void append(std::string& out, std::string_view separator, const std::string& part) {
  if (!out.empty()) out += separator;
  out += part;
}

}  // namespace

std::string to_do(const PlanCounts& counts) {
  std::string out;
  for (const Count& part : parts(counts))
    if (part.number > 0) append(out, ", ", grouped(part.number) + " " + std::string(part.to_do));
  if (counts.outputs > 0) append(out, ", ", counted(counts.outputs, "output", "outputs") + " to change");
  return out.empty() ? "no changes" : out;
}

std::string done(const PlanCounts& counts) {
  std::string out;
  for (const Count& part : parts(counts))
    if (part.number > 0) append(out, ", ", grouped(part.number) + " " + std::string(part.done));
  if (counts.outputs > 0) append(out, ", ", counted(counts.outputs, "output", "outputs") + " changed");
  return out.empty() ? "nothing to change" : out;
}

std::string in_signs(const PlanCounts& counts) {
  std::string out;
  for (const Count& part : parts(counts))
    if (part.number > 0) append(out, " ", std::string(part.sign) + grouped(part.number));
  if (out.empty() && counts.outputs > 0) out = counted(counts.outputs, "output", "outputs");
  return out.empty() ? "no changes" : out;
}

}  // namespace slipway::templates
