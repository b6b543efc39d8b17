#include "runner/fd.h"
#include "runner/plan_reader.h"
#include "tests/fuzz/must.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <string>

namespace {

using namespace slipway;

std::string path_of(const runner::Fd& file) { return "/proc/self/fd/" + std::to_string(file.get()); }

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const runner::Fd plan_file = runner::make_memory_file(text);
  const runner::Fd document_file = runner::make_memory_file("");
  const auto read = runner::read_plan(path_of(plan_file), {Secret("key"), {"a.*.b"}, path_of(document_file)});
  if (!read) return 0;
  must(Plan::from_json(read->plan.to_json()).value() == read->plan, "a plan survives being stored");
  // The document is a plan too, and what was hidden in it once stays hidden.
  const std::string document = runner::read_all(document_file.get(), 64u << 20);
  must(parse_json(document).has_value(), "the document is JSON");
  const auto again = runner::read_plan(path_of(document_file), {Secret("key"), {}, ""});
  must(again && again->plan.changes.size() == read->plan.changes.size(),
       "the document has the plan's changes");
  return 0;
}
