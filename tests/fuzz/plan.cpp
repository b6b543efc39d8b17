#include "core/json.h"
#include "core/redactor.h"
#include "runner/fd.h"
#include "runner/plan_reader.h"
#include "tests/fuzz/must.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>

namespace {

using namespace slipway;

using Strings = std::set<std::string>;

/// What a mask covers, by the documentation of the format and not by our reader of it: `true` covers all
/// below.
void gather_masked(const Json& value, const Json& mask, Strings& masked) {
  const bool covered = mask.is_bool() && mask.boolean();
  if (covered && value.is_string() && value.string().size() >= kMinRedacted) masked.insert(value.string());
  if (value.is_object()) {
    for (const auto& [key, below] : value.object_members())
      if (const Json* mask_below = covered ? &mask : mask.find(key))
        gather_masked(below, *mask_below, masked);
  } else if (value.is_array()) {
    const auto& items = value.array_items();
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (covered) gather_masked(items[i], mask, masked);
      if (mask.is_array() && i < mask.size()) gather_masked(items[i], mask.array_items()[i], masked);
    }
  }
}

void must_hide(const Json& value, const Strings& masked) {
  if (value.is_string()) must(!masked.contains(value.string()), "a sensitive value is gone");
  if (value.is_array())
    for (const Json& item : value.array_items()) must_hide(item, masked);
  if (value.is_object())
    for (const auto& [key, below] : value.object_members()) must_hide(below, masked);
}

/// Calls `visit` with each value of a resource's change and the mask over it.
template <class Visit>
void for_each_side(const Json& document, Visit&& visit) {
  const Json* resources = document.find("resource_changes");
  if (resources == nullptr || !resources->is_array()) return;
  for (const Json& resource : resources->array_items()) {
    const Json* change = resource.find("change");
    if (change == nullptr) continue;
    for (const std::string side : {"before", "after"}) {
      const Json* mask = change->find(side + "_sensitive");
      if (const Json* value = change->find(side)) visit(*value, mask == nullptr ? Json() : *mask);
    }
  }
}

std::string path_of(const runner::Fd& file) { return "/proc/self/fd/" + std::to_string(file.get()); }

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const runner::Fd plan_file = runner::make_memory_file(text);
  const runner::Fd document_file = runner::make_memory_file("");
  const auto read = runner::read_plan(path_of(plan_file), {Secret("key"), {"a.*.b"}, path_of(document_file)});
  if (!read) return 0;
  must(Plan::from_json(read->plan.to_json()).value() == read->plan, "a plan survives being stored");
  // The document is a plan too.
  const std::string document = runner::read_all(document_file.get(), 64u << 20);
  const auto shown = parse_json(document);
  must(shown.has_value(), "the document is JSON");
  Strings masked;
  for_each_side(parse_json(text).value(),
                [&](const Json& value, const Json& mask) { gather_masked(value, mask, masked); });
  for_each_side(*shown, [&](const Json& value, const Json&) { must_hide(value, masked); });
  const auto again = runner::read_plan(path_of(document_file), {Secret("key"), {}, ""});
  must(again && again->plan.changes.size() == read->plan.changes.size(),
       "the document has the plan's changes");
  return 0;
}
