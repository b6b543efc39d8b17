#include "state/state.h"

#include "tests/fuzz/must.h"

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
  state::difference(state::State{}, *read);
  state::rule_inputs(*read);
  return 0;
}
