#include "bot/work/graphs.h"

#include "core/crypto.h"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <map>

namespace slipway::work {
namespace {

constexpr std::size_t kMaxSource = 4u << 20;  // bytes of one file that is scanned
constexpr std::uint32_t kLinkMode = 0120000;
constexpr int kMaxLinks = 8;  // that lead to each other

bool below(const std::string& path, const std::string& folder) {
  return folder == "." || path == folder ||
         (path.size() > folder.size() && path.starts_with(folder) && path[folder.size()] == '/');
}

bool is_configuration(std::string_view path) {
  constexpr std::string_view kEndings[] = {
      ".tf", ".tf.json", ".tofu", ".tofu.json", ".tfvars", ".tfvars.json", ".terraform.lock.hcl"};
  return std::any_of(std::begin(kEndings), std::end(kEndings),
                     [&](std::string_view ending) { return path.ends_with(ending); });
}

template <class Wanted>
std::string digest_of(vcs::Repository& repository, const Sha& tree, const Wanted& wanted) {
  Sha256 digest;
  for (const vcs::TreeEntry& entry : repository.entries(tree))
    if (wanted(entry.path))
      digest.add(entry.path + '\0' + entry.blob + '\0' + std::to_string(entry.mode) + '\n');
  return digest.hex();
}

/// What Terraform would read there: a link inside of the tree is followed, one that leads nowhere is empty.
std::string read_through_links(vcs::Repository& repository,
                               const std::map<std::string, vcs::TreeEntry>& entries, std::string path) {
  for (int links = 0; links < kMaxLinks; ++links) {
    const auto found = entries.find(path);
    if (found == entries.end()) return {};
    std::string text = repository.blob(found->second.blob, kMaxSource);
    if (found->second.mode != kLinkMode) return text;
    path = (std::filesystem::path(path).parent_path() / text).lexically_normal().string();
  }
  return {};
}

}  // namespace

std::shared_ptr<const runner::ModuleGraph> Graphs::of(vcs::Repository& repository, const Sha& tree) {
  auto known = kept_.with([&](auto& kept) -> std::shared_ptr<const runner::ModuleGraph> {
    const auto found =
        std::find_if(kept.begin(), kept.end(), [&](const Entry& entry) { return entry.first == tree; });
    if (found == kept.end()) return nullptr;
    kept.splice(kept.begin(), kept, found);
    return found->second;
  });
  if (known) return known;

  std::map<std::string, vcs::TreeEntry> entries;
  runner::TreeFiles files;
  for (const vcs::TreeEntry& entry : repository.entries(tree)) {
    if (entry.mode == kLinkMode) files.links.push_back(entry.path);
    entries.emplace(entry.path, entry);
    files.paths.push_back(entry.path);
  }
  files.read = [&](const std::string& path) { return read_through_links(repository, entries, path); };
  auto graph = std::make_shared<const runner::ModuleGraph>(runner::ModuleGraph::read(files));
  kept_.with([&](auto& kept) {
    kept.emplace_front(tree, graph);
    if (kept.size() > kGraphsKept) kept.pop_back();
  });
  return graph;
}

std::string files_digest(vcs::Repository& repository, const runner::ModuleGraph& graph, const Sha& tree,
                         const std::string& dir) {
  const auto closure = graph.closure(dir);
  if (!closure) return "tree:" + tree;
  return "files:" + digest_of(repository, tree, [&](const std::string& path) {
           return std::any_of(closure->begin(), closure->end(),
                              [&](const std::string& part) { return below(path, part); });
         });
}

std::string scripts_digest(vcs::Repository& repository, const runner::ModuleGraph& graph, const Sha& tree,
                           const std::string& dir) {
  const auto closure = graph.closure(dir);
  return digest_of(repository, tree, [&](const std::string& path) {
    const bool read = !closure || std::any_of(closure->begin(), closure->end(),
                                              [&](const std::string& part) { return below(path, part); });
    return read && !is_configuration(path);
  });
}

}  // namespace slipway::work
