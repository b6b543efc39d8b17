#include "runner/hcl/modules.h"
#include "runner/hcl/scanner.h"
#include "tests/fuzz/must.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

namespace {

using namespace slipway::runner;

/// A little tree in which the text is the root module, a local module, and JSON.
ModuleGraph graph_of(const std::string& text) {
  TreeFiles files;
  files.paths = {"a/b/main.tf", "a/main.tf", "c/main.tf.json", "main.tofu"};
  files.read = [&text](const std::string&) { return text; };
  return ModuleGraph::read(files);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  HclLexer lexer(text);
  for (std::size_t tokens = 0; lexer.next().kind != TokenKind::End; ++tokens)
    slipway::must(tokens <= 2 * size + 2 * kMaxHclNesting, "a lexer comes to an end");
  const ModuleGraph graph = graph_of(text);
  for (const std::string& root : graph.roots()) {
    slipway::must(graph.modules().contains(root), "a root is a module");
    if (const auto closure = graph.closure(root))
      slipway::must(closure->contains(root), "a closure holds its root");
  }
  for (const std::string& root : graph.touched({"a/b/main.tf", "x", "terraform.tfvars"}))
    slipway::must(graph.modules().contains(root), "what is touched is a module");
  return 0;
}
