#include "vcs/mirror.h"

#include "core/crypto.h"
#include "core/failure.h"
#include "vcs/fetch.h"
#include "vcs/history.h"
#include "vcs/merge.h"
#include "vcs/ref_name.h"

#include <fmt/format.h>

#include <filesystem>
#include <utility>

namespace slipway::vcs {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kRefs = "refs/";
constexpr std::string_view kBranches = "refs/heads/";
constexpr std::size_t kMaxFolderName = 180;

std::string full_ref(const std::string& ref) {
  return ref.starts_with(kRefs) ? ref : std::string(kBranches) + ref;
}

/// The ref, if it is one that can safely stand in a refspec.
std::string checked_ref(const std::string& ref) {
  const std::string full = full_ref(ref);
  if (!parse_branch(full)) throw Failure(fmt::format("\"{}\" is not a ref that can be fetched", ref));
  return full;
}

void make_folder(const fs::path& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (error) throw Failure(fmt::format("making {}: {}", path.string(), error.message()), Retry::Later);
}

}  // namespace

std::string folder_name(const RepoId& repo) {
  std::string name;
  for (const char c : repo.forge + "/" + repo.path) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '.' || c == '_' || c == '-';
    name += plain      ? std::string(1, c)
            : c == '/' ? "+"
                       : fmt::format("%{:02x}", static_cast<unsigned char>(c));
  }
  if (name.size() <= kMaxFolderName) return name;
  return fmt::format("{}+{}", name.substr(0, kMaxFolderName - 20), sha256_hex(name).substr(0, 16));
}

Mirror::Mirror(std::string directory, RepoId repo, Children& children, FetchLimits limits)
    : directory_(std::move(directory)),
      repo_(std::move(repo)),
      path_(fmt::format("{}/mirrors/{}.git", directory_, folder_name(repo_))),
      children_(children),
      limits_(limits) {}

void Mirror::fetch(const GitAccess& access, const std::string& branch, const std::string& pull_ref,
                   std::stop_token stop) {
  while_doing(doing("fetching"), [&] {
    FetchRequest request = request_to(access);
    request.refs.push_back(checked_ref(branch));
    if (!pull_ref.empty()) request.refs.push_back(checked_ref(pull_ref));
    fetch_alone(request, stop);
  });
}

void Mirror::fetch_commit(const GitAccess& access, const Sha& commit, std::stop_token stop) {
  while_doing(doing("fetching " + short_sha(commit) + " of"), [&] {
    FetchRequest request = request_to(access);
    request.commit = sha_of(oid_of(commit));
    fetch_alone(request, stop);
  });
}

FetchRequest Mirror::request_to(const GitAccess& access) const {
  FetchRequest request;
  request.mirror = path_;
  request.lock = path_ + ".lock";
  request.url = access.url;
  request.username = access.username;
  request.password = access.password;
  request.ca_file = access.ca_file;
  request.pack_bytes = limits_.pack_bytes;
  return request;
}

void Mirror::fetch_alone(const FetchRequest& request, std::stop_token stop) {
  make_folder(fs::path(path_).parent_path());
  const auto far = std::chrono::steady_clock::now() + std::chrono::hours(24);
  const bool mine = fetching_.wait_until(far, stop, [](bool& busy) { return !std::exchange(busy, true); });
  if (!mine) throw Stopped();
  struct AtEnd {
    Guarded<bool>& fetching;
    ~AtEnd() {
      fetching.change([](bool& busy) { busy = false; });
    }
  } const at_end{fetching_};
  vcs::fetch(children_, request, limits_.time, stop);
}

std::optional<Sha> Mirror::head(const std::string& ref) const {
  return while_doing(doing("reading " + ref + " of"), [&]() -> std::optional<Sha> {
    if (!fs::exists(path_)) return {};
    const GitRepository repository = open();
    git_oid oid;
    const int code = git_reference_name_to_id(&oid, repository.get(), full_ref(ref).c_str());
    if (code == GIT_ENOTFOUND || code == GIT_EINVALIDSPEC) return {};
    must(code, "reading a ref");
    return sha_of(oid);
  });
}

MergeResult Mirror::merge(const Sha& base, const Sha& head) {
  return while_doing(doing(fmt::format("merging {} onto {} in", short_sha(head), short_sha(base))),
                     [&] { return merge_commits(open().get(), base, head); });
}

Sha Mirror::tree_of(const Sha& commit) const {
  return while_doing(doing("reading"), [&] {
    const GitRepository repository = open();
    return sha_of(*git_commit_tree_id(commit_of(repository.get(), commit).get()));
  });
}

Sha Mirror::merge_base(const Sha& a, const Sha& b) const {
  return while_doing(doing("reading"), [&] { return common_ancestor(open().get(), a, b); });
}

bool Mirror::contains(const Sha& commit, const Sha& ancestor) const {
  return while_doing(doing("reading"), [&] { return reaches(open().get(), commit, ancestor); });
}

std::vector<Sha> Mirror::first_parents(const Sha& from, const Sha& until, std::size_t limit) const {
  return while_doing(doing("reading"), [&] { return first_parent_line(open().get(), from, until, limit); });
}

std::vector<Sha> Mirror::parents(const Sha& commit) const {
  return while_doing(doing("reading"), [&] { return parents_of(open().get(), commit); });
}

std::vector<PathChange> Mirror::changed(const Sha& from_tree, const Sha& to_tree) const {
  return while_doing(doing("comparing trees of"),
                     [&] { return changed_paths(open().get(), from_tree, to_tree); });
}

std::vector<TreeEntry> Mirror::entries(const Sha& tree) const {
  return while_doing(doing("listing a tree of"), [&] { return entries_of(open().get(), tree); });
}

std::optional<TreeEntry> Mirror::find(const Sha& tree, const std::string& path) const {
  return while_doing(doing(fmt::format("looking for {} in a tree of", path)),
                     [&] { return entry_of(open().get(), tree, path); });
}

std::string Mirror::blob(const Sha& id, std::size_t limit) const {
  return while_doing(doing("reading a file of"), [&] { return blob_of(open().get(), id, limit); });
}

std::shared_ptr<Checkout> Mirror::checkout(const Sha& tree, std::stop_token stop) {
  return while_doing(doing("checking out"), [&] {
    Checkouts& checkouts = checkouts_.with([&](std::unique_ptr<Checkouts>& made) -> Checkouts& {
      if (!made)
        made = std::make_unique<Checkouts>(fmt::format("{}/trees/{}", directory_, folder_name(repo_)), path_);
      return *made;
    });
    return checkouts.lease(tree, stop);
  });
}

GitRepository Mirror::open() const {
  if (!fs::exists(path_)) throw Failure("nothing of it has been fetched yet", Retry::Later);
  return open_repository(path_);
}

std::string Mirror::doing(std::string_view what) const {
  return fmt::format("{} {}", what, to_string(repo_));
}

}  // namespace slipway::vcs
