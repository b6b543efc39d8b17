#include "runner/cli/unwritten.h"

#include "core/json.h"
#include "core/json_reader.h"

#include <fmt/format.h>

namespace slipway::runner {
namespace {

struct Header {
  std::string lineage;
  std::int64_t serial = 0;
  Json resources;
  Json outputs;

  bool same_content(const Header& other) const {
    return resources == other.resources && outputs == other.outputs;
  }
};

Result<Header> read(std::string_view state) {
  return read_json(state, [](const JsonReader& in) {
    const auto member = [&](const char* name) {
      const Json* const found = in.value().find(name);
      return found == nullptr ? Json() : *found;
    };
    return Header{in["lineage"].string_or(""), in["serial"].integer_or(0), member("resources"),
                  member("outputs")};
  });
}

}  // namespace

Fit fit(std::string_view left, std::string_view kept) {
  const auto ours = read(left);
  if (!ours) return {false, "errored.tfstate is no state: " + ours.error().text()};
  if (kept.empty()) return {};
  const auto theirs = read(kept);
  if (!theirs) return {false, "the state that is kept can't be read: " + theirs.error().text()};
  if (ours->same_content(*theirs)) return {true, {}};
  if (theirs->lineage.empty()) return {};
  if (ours->lineage != theirs->lineage) {
    return {false, fmt::format("its lineage is \"{}\", and the state that is kept has \"{}\"", ours->lineage,
                               theirs->lineage)};
  }
  if (ours->serial > theirs->serial) return {};
  return {false, fmt::format("its serial is {}, and the state that is kept has {} with other content",
                             ours->serial, theirs->serial)};
}

}  // namespace slipway::runner
