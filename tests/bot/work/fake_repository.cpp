#include "tests/bot/work/fake_repository.h"

#include "core/crypto.h"

#include <algorithm>
#include <iterator>
#include <sstream>

namespace slipway::work {
namespace {

Sha id_of(const std::string& text) { return sha256_hex(text).substr(0, 40); }

class FakeCheckout final : public vcs::Checkout {
 public:
  explicit FakeCheckout(Sha tree) : path_(std::move(tree)) {}
  const std::string& path() const override { return path_; }

 private:
  std::string path_;  // the tree itself: FakeTerraform looks it up
};

const std::string* text_at(const FakeRepository::Files& files, const std::string& path) {
  const auto found = files.find(path);
  return found == files.end() ? nullptr : &found->second;
}

bool same(const std::string* a, const std::string* b) {
  return a == nullptr || b == nullptr ? a == b : *a == *b;
}

std::set<std::string> paths_of(const FakeRepository::Files& a, const FakeRepository::Files& b) {
  std::set<std::string> out;
  for (const auto& [path, text] : a) out.insert(path);
  for (const auto& [path, text] : b) out.insert(path);
  return out;
}

}  // namespace

Sha FakeRepository::keep(const Files& files) {
  std::string all;
  for (const auto& [path, text] : files) {
    blobs_[id_of("blob" + text)] = text;
    all += path + '\0' + text + '\0';
  }
  const Sha tree = id_of("tree" + all);
  trees_[tree] = files;
  return tree;
}

Sha FakeRepository::commit(const Files& files, std::vector<Sha> parents) {
  const Sha tree = keep(files);
  std::string text = "commit" + tree + std::to_string(commits_.size());
  for (const Sha& parent : parents) text += parent;
  const Sha id = id_of(text);
  commits_[id] = {tree, std::move(parents)};
  return id;
}

std::set<std::string> FakeRepository::resources(const Sha& tree, const std::string& dir) const {
  constexpr std::string_view kMark = "resources:";
  std::set<std::string> out;
  for (const auto& [path, text] : files(tree)) {
    const auto at = text.find(kMark);
    if (!path.starts_with(dir + "/") || at == std::string::npos) continue;
    std::istringstream line(text.substr(at + kMark.size(), text.find('\n', at) - at - kMark.size()));
    out.insert(std::istream_iterator<std::string>(line), {});
  }
  return out;
}

std::optional<Sha> FakeRepository::head(const std::string& ref) const {
  const auto found = refs.find(ref);
  if (found == refs.end()) return {};
  return found->second;
}

std::vector<Sha> FakeRepository::ancestors(const Sha& commit) const {
  std::vector<Sha> out = {commit};
  for (std::size_t i = 0; i < out.size(); ++i)
    for (const Sha& parent : commits_.at(out[i]).parents)
      if (std::find(out.begin(), out.end(), parent) == out.end()) out.push_back(parent);
  return out;
}

Sha FakeRepository::merge_base(const Sha& a, const Sha& b) const {
  const auto of_b = ancestors(b);
  for (const Sha& one : ancestors(a))
    if (std::find(of_b.begin(), of_b.end(), one) != of_b.end()) return one;
  return {};
}

bool FakeRepository::contains(const Sha& commit, const Sha& ancestor) const {
  const auto all = ancestors(commit);
  return std::find(all.begin(), all.end(), ancestor) != all.end();
}

vcs::MergeResult FakeRepository::merge(const Sha& base, const Sha& head) {
  vcs::MergeResult out{base, head, {}, {}};
  const Files before = trees_.at(tree_of(merge_base(base, head)));
  const Files ours = trees_.at(tree_of(base));
  const Files theirs = trees_.at(tree_of(head));
  Files merged = ours;
  for (const std::string& path : paths_of(before, theirs)) {
    const std::string* old = text_at(before, path);
    const std::string* mine = text_at(ours, path);
    const std::string* new_text = text_at(theirs, path);
    if (same(old, new_text) || same(mine, new_text)) continue;
    if (!same(old, mine)) {
      out.conflicts.push_back(path);
    } else if (new_text == nullptr) {
      merged.erase(path);
    } else {
      merged[path] = *new_text;
    }
  }
  if (out.conflicts.empty()) out.tree = keep(merged);
  return out;
}

std::vector<Sha> FakeRepository::first_parents(const Sha& from, const Sha& until, std::size_t limit) const {
  std::vector<Sha> out;
  Sha at = from;
  while (at != until && out.size() < limit) {
    out.push_back(at);
    const auto& parents_of_at = commits_.at(at).parents;
    if (parents_of_at.empty()) break;
    at = parents_of_at.front();
  }
  return out;
}

std::vector<vcs::PathChange> FakeRepository::changed(const Sha& from_tree, const Sha& to_tree) const {
  std::vector<vcs::PathChange> out;
  const Files& from = trees_.at(from_tree);
  const Files& to = trees_.at(to_tree);
  for (const std::string& path : paths_of(from, to))
    if (!same(text_at(from, path), text_at(to, path)))
      out.push_back({path, path, text_at(to, path) == nullptr});
  return out;
}

std::vector<vcs::TreeEntry> FakeRepository::entries(const Sha& tree) const {
  std::vector<vcs::TreeEntry> out;
  for (const auto& [path, text] : trees_.at(tree)) out.push_back({path, id_of("blob" + text), 0100644});
  return out;
}

std::optional<vcs::TreeEntry> FakeRepository::find(const Sha& tree, const std::string& path) const {
  for (vcs::TreeEntry& entry : entries(tree))
    if (entry.path == path) return std::move(entry);
  return {};
}

std::string FakeRepository::blob(const Sha& id, std::size_t) const { return blobs_.at(id); }

std::shared_ptr<vcs::Checkout> FakeRepository::checkout(const Sha& tree, std::stop_token) {
  return std::make_shared<FakeCheckout>(tree);
}

}  // namespace slipway::work
