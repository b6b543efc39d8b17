#include "bot/commands/grammar.h"
#include "core/ids.h"
#include "tests/fuzz/must.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

namespace {

using namespace slipway;

bool allowed(std::string_view flag) {
  if (flag == "-destroy" || flag == "-refresh-only") return true;
  constexpr std::string_view kFile = "-var-file=";
  if (flag.starts_with(kFile)) return parse_dir(flag.substr(kFile.size())).has_value();
  return flag.starts_with("-var=") || flag.starts_with("-target=") || flag.starts_with("-replace=");
}

bool printable(std::string_view word) {
  return std::none_of(word.begin(), word.end(),
                      [](unsigned char c) { return (c < 0x20 && c != '\t') || c == 0x7f; });
}

template <class Parse>
void must_stay(const std::optional<std::string>& chosen, Parse&& parse, const char* what) {
  if (!chosen) return;
  const auto again = parse(*chosen);
  must(again && *again == *chosen, what);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  const auto said = commands::parse_comment(body, {"slipway", "atlantis"});
  if (!said) return 0;
  const std::string_view line = body.substr(std::min(body.find_first_not_of(' '), size));
  must(!line.empty() && std::string_view("sSaA").find(line.front()) != std::string_view::npos,
       "only what is addressed to us is answered");
  if (!*said) {
    must(!said->error().text().empty(), "who is refused is told why");
    return 0;
  }
  const commands::Asked& asked = **said;
  must(asked.kind != nullptr && asked.call.command == asked.kind->name, "a command is one of the known ones");
  must(asked.call.words.size() <= asked.kind->max_words, "a command gets no more words than it takes");
  must(asked.kind->flags || asked.call.flags.empty(), "Terraform's arguments are only where they may be");
  must(asked.call.flags.size() <= commands::kMaxFlags, "Terraform's arguments are few");
  for (const std::string& flag : asked.call.flags)
    must(allowed(flag) && printable(flag), "only the allowed arguments reach Terraform");
  for (const std::string& word : asked.call.words) must(printable(word), "a word has no control characters");
  must_stay(asked.call.dir, parse_dir, "a directory stays within the repository");
  must_stay(asked.call.workspace, parse_workspace, "a workspace has a workspace's name");
  must_stay(asked.call.project, parse_project_name, "a project has a project's name");
  return 0;
}
