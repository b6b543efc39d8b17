#include "state/state.h"

#include "tests/fuzz/must.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace slipway;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto serial = state::read_serial(text);
  const auto read = state::read_state(text, "key");
  if (!read) return 0;
  must(serial && *serial == read->serial, "the serial is read alike");
  must(state::difference(*read, *read).empty(), "a state does not differ from itself");
  must(std::is_sorted(read->instances.begin(), read->instances.end(),
                      [](const auto& a, const auto& b) { return a.address < b.address; }),
       "instances are sorted by address");
  for (const auto& difference : state::difference(state::State{}, *read))
    must(difference.what == state::InstanceEvent::Created && difference.after, "all is new to nothing");
  for (const auto& difference : state::difference(*read, state::State{}))
    must(difference.what == state::InstanceEvent::Destroyed && difference.before, "nothing is left of all");
  must(state::rule_inputs(*read).size() <= read->instances.size(), "a rule sees each instance once");
  return 0;
}
