#include "runner/diagnostics.h"
#include "tests/fuzz/must.h"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace slipway;
  const auto event = runner::read_ui_line(std::string_view(reinterpret_cast<const char*>(data), size));
  must(!event.text.ends_with('\n'), "a line has no end of its own");
  if (const auto* diagnostic = std::get_if<Diagnostic>(&event.what)) {
    const std::string line = runner::one_line({*diagnostic});
    must(line.size() <= runner::kMaxDiagnosticLine && line.find('\n') == std::string::npos,
         "one line is one line");
    must(!runner::text_of(*diagnostic).empty(), "a diagnostic says something");
  }
  return 0;
}
