#include "bot/work/base_config.h"

#include "bot/config/repo_file.h"
#include "bot/work/tools.h"
#include "core/failure.h"

#include <fmt/format.h>

#include <algorithm>

namespace slipway::work {
namespace {

constexpr std::uint32_t kPlainMode = 0100644;
constexpr std::uint32_t kProgramMode = 0100755;

struct Found {
  std::optional<vcs::TreeEntry> own;
  std::optional<vcs::TreeEntry> atlantis;

  const vcs::TreeEntry* read() const { return own ? &*own : atlantis ? &*atlantis : nullptr; }
};

Found find_file(vcs::Repository& repository, const Sha& tree) {
  return {repository.find(tree, std::string(config::kRepoFile)),
          repository.find(tree, std::string(config::kAtlantisFile))};
}

Result<config::RepoConfig> read_found(vcs::Repository& repository, const Found& found,
                                      const std::string& branch, const config::RepoConfig& server) {
  const vcs::TreeEntry& file = *found.read();
  if (file.mode != kPlainMode && file.mode != kProgramMode)
    return refuse(fmt::format("{}: it is a link or a folder; make it a plain file", file.path));
  std::string text =
      while_doing("reading " + file.path, [&] { return repository.blob(file.blob, config::kMaxRepoFile); });
  auto out = config::with_repo_file(server, {file.path, std::move(text), branch});
  if (out && found.own && found.atlantis)
    out->notes.push_back(
        fmt::format("`{}` is not read: there is a `{}` too.", config::kAtlantisFile, config::kRepoFile));
  return out;
}

}  // namespace

Result<config::RepoConfig> RepoFiles::read(vcs::Repository& repository, const Place& at,
                                           const config::RepoConfig& server) {
  const Found found = find_file(repository, at.tree);
  if (found.read() == nullptr) return server;
  std::string key = fmt::format("{} {}", to_string(at.repo), at.branch);
  for (const auto& file : {found.own, found.atlantis})
    key += file ? fmt::format(" {}:{}:{:o}", file->path, file->blob, file->mode) : "";
  auto known = kept_.with([&](auto& kept) -> Read {
    const auto entry =
        std::find_if(kept.begin(), kept.end(), [&](const Entry& one) { return one.key == key; });
    if (entry == kept.end()) return nullptr;
    kept.splice(kept.begin(), kept, entry);
    return entry->read;
  });
  if (!known) {
    known =
        std::make_shared<const Result<config::RepoConfig>>(read_found(repository, found, at.branch, server));
    kept_.with([&](auto& kept) {
      kept.push_front({key, known});
      if (kept.size() > kRepoFilesKept) kept.pop_back();
    });
  }
  return *known;
}

Result<config::RepoConfig> config_at(const Tools& tools, const RepoId& repo, const std::string& branch,
                                     const Sha& base) {
  config::RepoConfig server = tools.repo(repo);
  if (!server.reads_repo_file || base.empty()) return server;
  vcs::Repository& repository = tools.repositories.of(repo);
  return tools.repo_files.read(repository, {repo, branch, repository.tree_of(base)}, server);
}

Result<config::RepoConfig> config_of(const Tools& tools, const PullRequest& pull, const Sha& base) {
  auto then = config_at(tools, pull.id.repo, pull.base_branch, base);
  if (then || pull.state != PullState::Merged) return then;
  const auto head = tools.repositories.of(pull.id.repo).head("refs/heads/" + pull.base_branch);
  return head ? config_at(tools, pull.id.repo, pull.base_branch, *head) : then;
}

std::string unusable(const ParseError& error, const std::string& branch) {
  return fmt::format(
      "{} (the file as it is on `{}`: nothing is planned or applied until it is repaired there)",
      error.text(), branch);
}

config::RepoConfig usable(Result<config::RepoConfig> config, const std::string& branch) {
  if (!config) throw Failure(unusable(config.error(), branch));
  return *std::move(config);
}

}  // namespace slipway::work
