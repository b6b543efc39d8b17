#include "runner/hcl/modules.h"

#include "runner/hcl/scanner.h"
#include "runner/hcl/tree_path.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace slipway::runner {
namespace {

constexpr std::array<std::string_view, 4> kEndings = {".tofu.json", ".tf.json", ".tofu", ".tf"};

/// The ending that makes Terraform or OpenTofu load the file; empty: neither does.
std::string_view ending_of(std::string_view name) {
  const bool ignored =
      name.starts_with('.') || name.ends_with('~') || (name.starts_with('#') && name.ends_with('#'));
  if (ignored) return {};
  const auto found = std::find_if(kEndings.begin(), kEndings.end(),
                                  [&](std::string_view ending) { return name.ends_with(ending); });
  return found == kEndings.end() ? std::string_view() : *found;
}

/// "x.tf" is not loaded beside "x.tofu"; what is loaded in its place.
std::string winner_over(std::string_view path) {
  const std::string_view ending = ending_of(name_of(path));
  if (ending != ".tf" && ending != ".tf.json") return {};
  std::string other(path.substr(0, path.size() - ending.size()));
  return other + (ending == ".tf" ? ".tofu" : ".tofu.json");
}

bool is_local(std::string_view source) {
  return source == "." || source == ".." || source.starts_with("./") || source.starts_with("../");
}

bool is_var_file(std::string_view name) {
  return name.ends_with(".tfvars") || name.ends_with(".tfvars.json");
}

/// Directories that hold what is called or tried out, and never a project.
bool is_no_place_for_roots(std::string_view dir) {
  for (std::string_view rest = dir; !rest.empty() && dir != ".";) {
    const std::size_t slash = std::min(rest.find('/'), rest.size());
    const std::string_view step = rest.substr(0, slash);
    if (step == "modules" || step == "examples" || step.starts_with("test") || step.starts_with('.'))
      return true;
    rest.remove_prefix(std::min(slash + 1, rest.size()));
  }
  return false;
}

Diagnostic problem(const std::string& file, std::size_t line, std::string text) {
  Diagnostic out;
  out.summary = std::move(text);
  out.file = file;
  out.line = static_cast<std::int64_t>(line);
  return out;
}

void add_calls(Module& module, const ScannedFile& scanned, const std::string& path) {
  for (const std::string& source : scanned.module_sources) {
    if (!is_local(source)) {
      module.remote_modules.insert(source);
    } else if (const auto dir = join_in_tree(module.dir, source)) {
      module.calls.insert(*dir);
    } else {
      module.reads_unknown = true;
      module.problems.push_back(
          problem(path, 1, fmt::format("the module source \"{}\" leaves the tree", source)));
    }
  }
}

void add_reads(Module& module, const ScannedFile& scanned) {
  module.reads_unknown = module.reads_unknown || scanned.reads_unknown;
  for (const NamedPath& named : scanned.paths) {
    if (named.from == NamedPath::From::Root) {
      module.root_reads.insert(named.path);
    } else if (const auto path = join_in_tree(module.dir, named.path)) {
      module.reads.insert(*path);
    } else {
      module.reads_unknown = true;
    }
  }
}

void add_file(Module& module, const ScannedFile& scanned, const std::string& path) {
  if (!scanned.backend.empty()) {
    module.has_backend = true;
    module.backend_type = scanned.backend;
    module.backend_arguments = scanned.backend_arguments;
    module.local_backend_relative =
        scanned.backend == "local" && !scanned.local_backend_path.starts_with('/');
  }
  module.has_resources = module.has_resources || scanned.has_resources;
  module.has_providers = module.has_providers || scanned.has_providers;
  module.required_providers.insert(scanned.required_providers.begin(), scanned.required_providers.end());
  for (const ScannedFile::Problem& one : scanned.problems)
    module.problems.push_back(problem(path, one.line, one.text));
  add_calls(module, scanned, path);
  add_reads(module, scanned);
}

}  // namespace

bool may_share_state(const Module& a, const Module& b) {
  if (!a.has_backend || !b.has_backend || a.backend_type != b.backend_type) return false;
  return std::none_of(a.backend_arguments.begin(), a.backend_arguments.end(), [&](const auto& argument) {
    const auto other = b.backend_arguments.find(argument.first);
    return other != b.backend_arguments.end() && other->second != argument.second;
  });
}

ModuleGraph ModuleGraph::read(const TreeFiles& files) {
  ModuleGraph graph;
  graph.links_.insert(files.links.begin(), files.links.end());
  for (const std::string& path : files.paths) {
    const std::string_view ending = ending_of(name_of(path));
    if (ending.empty()) continue;
    const std::string winner = winner_over(path);
    if (!winner.empty() && std::binary_search(files.paths.begin(), files.paths.end(), winner)) continue;
    const std::string text = files.read(path);
    const ScannedFile scanned = ending.ends_with(".json") ? scan_json(text) : scan_hcl(text);
    Module& module = graph.modules_[parent_of(path)];
    module.dir = parent_of(path);
    add_file(module, scanned, path);
  }
  return graph;
}

std::vector<std::string> ModuleGraph::roots() const {
  std::set<std::string> called;
  for (const auto& [dir, module] : modules_) called.insert(module.calls.begin(), module.calls.end());
  std::vector<std::string> out;
  for (const auto& [dir, module] : modules_) {
    const bool makes_something = module.has_resources || module.has_providers;
    if (is_no_place_for_roots(dir)) continue;
    if (module.has_backend || (makes_something && !called.contains(dir))) out.push_back(dir);
  }
  return out;
}

std::set<std::string> ModuleGraph::reachable(const std::string& dir) const {
  std::set<std::string> found;
  std::vector<std::string> unread = {dir};
  while (!unread.empty()) {
    const std::string next = std::move(unread.back());
    unread.pop_back();
    if (!found.insert(next).second) continue;
    if (const auto module = modules_.find(next); module != modules_.end())
      unread.insert(unread.end(), module->second.calls.begin(), module->second.calls.end());
  }
  return found;
}

std::optional<std::set<std::string>> ModuleGraph::closure(const std::string& dir) const {
  if (!modules_.contains(dir)) return {};
  std::set<std::string> out;
  for (const std::string& each : reachable(dir)) {
    out.insert(each);
    const auto found = modules_.find(each);
    if (found == modules_.end()) continue;
    const Module& module = found->second;
    if (module.reads_unknown || !module.remote_modules.empty() || !module.problems.empty()) return {};
    out.insert(module.reads.begin(), module.reads.end());
    for (const std::string& read : module.root_reads) {
      const auto path = join_in_tree(dir, read);
      if (!path) return {};
      out.insert(*path);
    }
  }
  for (const std::string& link : links_) {
    const bool within = std::any_of(out.begin(), out.end(), [&](const std::string& path) {
      return is_within(link, path) || is_within(path, link);
    });
    if (within) return {};
  }
  return out;
}

std::set<std::string> ModuleGraph::touched(const std::vector<std::string>& paths) const {
  // Who is touched by a module's files, and by what it reads.
  std::map<std::string, std::set<std::string>> by_module;
  std::map<std::string, std::set<std::string>> by_read;
  const std::vector<std::string> all_roots = roots();
  const std::set<std::string> is_root(all_roots.begin(), all_roots.end());
  for (const std::string& root : all_roots) {
    for (const std::string& dir : reachable(root)) {
      by_module[dir].insert(root);
      const auto found = modules_.find(dir);
      if (found == modules_.end()) continue;
      for (const std::string& read : found->second.reads) by_read[read].insert(root);
      for (const std::string& read : found->second.root_reads)
        if (const auto path = join_in_tree(root, read)) by_read[*path].insert(root);
    }
  }
  std::set<std::string> out;
  const auto add = [&out](const std::map<std::string, std::set<std::string>>& index, const std::string& key) {
    if (const auto found = index.find(key); found != index.end())
      out.insert(found->second.begin(), found->second.end());
  };
  for (const std::string& path : paths) {
    const std::string_view name = name_of(path);
    const std::string dir = parent_of(path);
    if (!ending_of(name).empty()) add(by_module, dir);
    if (name == ".terraform.lock.hcl" && is_root.contains(dir)) out.insert(dir);
    // The nearest root above a var file is who it is for: prod/web/env/blue.tfvars.
    for (std::string above = dir; is_var_file(name); above = parent_of(above)) {
      if (is_root.contains(above)) out.insert(above);
      if (is_root.contains(above) || above == ".") break;
    }
    add(by_read, path);
    for (std::string above = dir;; above = parent_of(above)) {
      add(by_read, above);
      if (above == ".") break;
    }
  }
  return out;
}

}  // namespace slipway::runner
