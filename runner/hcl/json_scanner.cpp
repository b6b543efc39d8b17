#include "core/json.h"
#include "runner/hcl/scanner.h"

#include <fmt/format.h>

#include <functional>

namespace slipway::runner {
namespace {

/// A string is a template as if it stood in quotes.
std::vector<Token> tokens_of(std::string_view text) {
  std::vector<Token> tokens = {{TokenKind::OpenQuote, {}, 1, false}};
  HclLexer lexer = HclLexer::of_template(text);
  for (Token token = lexer.next(); token.kind != TokenKind::End; token = lexer.next())
    tokens.push_back(token);
  tokens.push_back({TokenKind::CloseQuote, {}, 1, false});
  return tokens;
}

bool is_plain(std::string_view text) {
  return text.find("${") == std::string_view::npos && text.find("%{") == std::string_view::npos;
}

class JsonScanner {
 public:
  ScannedFile scan(std::string_view text) {
    const auto document = parse_json(text);
    if (!document) {
      found_.problems.push_back({1, document.error().text()});
      return std::move(found_);
    }
    each_body(*document, [this](const Json& body) { root(body); });
    found_.paths = std::move(expressions_.paths);
    found_.reads_unknown = found_.reads_unknown || expressions_.unknown;
    return std::move(found_);
  }

 private:
  using Visit = std::function<void(const Json&)>;

  /// An object, or a list of objects that each count as one.
  static void each_body(const Json& json, const Visit& visit) {
    if (json.is_object()) visit(json);
    if (!json.is_array()) return;
    for (const Json& item : json.array_items())
      if (item.is_object()) visit(item);
  }

  /// The blocks of one type, by their first label.
  static void each_labeled(const Json* blocks,
                           const std::function<void(const std::string&, const Json&)>& visit) {
    if (blocks == nullptr) return;
    each_body(*blocks, [&](const Json& labels) {
      for (const auto& [label, body] : labels.object_members()) visit(label, body);
    });
  }

  void root(const Json& file) {
    for (const auto& [type, blocks] : file.object_members()) {
      if (type == "terraform") {
        each_body(blocks, [this](const Json& body) { settings(body); });
      } else if (type == "module") {
        each_labeled(&blocks, [this](const std::string&, const Json& calls) {
          each_body(calls, [this](const Json& call) { module(call); });
        });
      } else {
        found_.has_resources = found_.has_resources || (type == "resource" && blocks.size() > 0);
        found_.has_providers = found_.has_providers || (type == "provider" && blocks.size() > 0);
        if (type == "data")
          each_labeled(&blocks, [this](const std::string& kind, const Json&) {
            // Its program runs at each plan, in the project's directory, and reads what it likes.
            found_.reads_unknown = found_.reads_unknown || kind == "external";
          });
        expressions(blocks);
      }
    }
  }

  void backend_arguments(const Json& body, const std::string& path) {
    for (const auto& [name, value] : body.object_members()) {
      if (value.is_string() && is_plain(value.string()))
        found_.backend_arguments[path + name] = value.string();
      each_body(value, [&, &key = name](const Json& nested) { backend_arguments(nested, path + key + "."); });
    }
  }

  void settings(const Json& body) {
    if (const Json* cloud = body.find("cloud")) {
      found_.backend = "cloud";
      each_body(*cloud, [this](const Json& one) { backend_arguments(one, ""); });
    }
    each_labeled(body.find("backend"), [this](const std::string& type, const Json& backends) {
      found_.backend = type;
      each_body(backends, [this](const Json& backend) {
        backend_arguments(backend, "");
        const Json* path = backend.find("path");
        if (path != nullptr && path->is_string()) found_.local_backend_path = path->string();
      });
    });
    each_labeled(body.find("required_providers"), [this](const std::string& name, const Json& provider) {
      const Json* source = provider.find("source");
      found_.required_providers.insert(source != nullptr && source->is_string() ? source->string() : name);
    });
  }

  void module(const Json& call) {
    for (const auto& [name, value] : call.object_members()) {
      if (name != "source")
        expressions(value);
      else if (value.is_string() && is_plain(value.string()))
        found_.module_sources.insert(value.string());
      else
        found_.reads_unknown = true;
    }
  }

  void expressions(const Json& json) {
    if (json.is_string()) expressions_.read(tokens_of(json.string()));
    if (json.is_array())
      for (const Json& item : json.array_items()) expressions(item);
    if (!json.is_object()) return;
    for (const auto& [key, item] : json.object_members()) {
      if (!is_plain(key)) expressions_.read(tokens_of(key));
      expressions(item);
    }
  }

  PathFinder expressions_;
  ScannedFile found_;
};

}  // namespace

ScannedFile scan_json(std::string_view text) {
  if (text.size() <= kMaxHclFile) return JsonScanner().scan(text);
  ScannedFile found;
  found.problems.push_back({1, fmt::format("the file is larger than {} MiB", kMaxHclFile >> 20)});
  return found;
}

}  // namespace slipway::runner
