#include "bot/config/yaml.h"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <set>
#include <sstream>

namespace slipway::config {
namespace {

class Converter {
 public:
  explicit Converter(const std::string& name) : name_(name) {}

  Settings convert(const YAML::Node& node, std::size_t depth = 0) {
    const std::string place = fmt::format("{}:{}", name_, node.Mark().line + 1);
    // Aliases make a small file unfold into a huge one: what is converted is counted.
    if (depth > kMaxYamlDepth)
      throw SettingsError(fmt::format("{}: nested deeper than {}", place, kMaxYamlDepth));
    if (++nodes_ > kMaxNodes) throw SettingsError(fmt::format("{}: more than {} values", place, kMaxNodes));
    if (node.IsScalar()) return {node.Scalar(), place};
    if (node.IsSequence()) {
      Settings::List list;
      for (const auto& item : node) list.push_back(convert(item, depth + 1));
      return {std::move(list), place};
    }
    if (node.IsMap()) {
      Settings::Map map;
      std::set<std::string> seen;
      for (const auto& entry : node) {
        const int line = entry.first.Mark().line + 1;
        if (!entry.first.IsScalar())
          throw SettingsError(fmt::format("{}:{}: a key is one word", name_, line));
        const std::string& key = entry.first.Scalar();
        if (!seen.insert(key).second)
          throw SettingsError(fmt::format("{}:{}: \"{}\" stands here twice", name_, line, key));
        Settings value = convert(entry.second, depth + 1);
        map.emplace_back(key, std::move(value));
      }
      return {std::move(map), place};
    }
    return {std::monostate(), place};
  }

 private:
  static constexpr std::size_t kMaxNodes = 200'000;
  const std::string& name_;
  std::size_t nodes_ = 0;
};

/// Lets a document pass.
class Deaf final : public YAML::EventHandler {
  using Mark = YAML::Mark;
  using Tag = std::string;
  using Anchor = YAML::anchor_t;
  using Style = YAML::EmitterStyle::value;

  void OnDocumentStart(const Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const Mark&, Anchor) override {}
  void OnAlias(const Mark&, Anchor) override {}
  void OnScalar(const Mark&, const Tag&, Anchor, const std::string&) override {}
  void OnSequenceStart(const Mark&, const Tag&, Anchor, Style) override {}
  void OnSequenceEnd() override {}
  void OnMapStart(const Mark&, const Tag&, Anchor, Style) override {}
  void OnMapEnd() override {}
};

/// Not by YAML::LoadAll: it takes a comma that it doesn't expect for one empty document after another,
/// without end.
bool holds_more_than_one(const std::string& text) {
  std::istringstream in(text);
  YAML::Parser parser(in);
  Deaf deaf;
  return parser.HandleNextDocument(deaf) && parser.HandleNextDocument(deaf);
}

}  // namespace

Settings read_yaml(std::string_view text, const std::string& name) {
  if (text.size() > kMaxYamlBytes)
    throw SettingsError(fmt::format("{}: larger than {} bytes", name, kMaxYamlBytes));
  try {
    const std::string whole(text);
    const YAML::Node document = YAML::Load(whole);
    if (holds_more_than_one(whole))
      throw SettingsError(
          fmt::format("{}: holds more than one document (\"---\"), or begins with a comma", name));
    if (document.IsNull()) return {Settings::Map{}, name + ":1"};
    return Converter(name).convert(document);
  } catch (const YAML::Exception& error) {
    throw SettingsError(fmt::format("{}:{}: {}", name, error.mark.line + 1, error.msg));
  }
}

}  // namespace slipway::config
