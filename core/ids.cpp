#include "core/ids.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>
#include <vector>

namespace slipway {
namespace {

bool plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
         c == '-';
}

bool all_plain(std::string_view text) { return std::all_of(text.begin(), text.end(), plain); }

std::vector<std::string_view> segments(std::string_view text) {
  std::vector<std::string_view> parts;
  while (true) {
    const auto slash = text.find('/');
    parts.push_back(text.substr(0, slash));
    if (slash == std::string_view::npos) return parts;
    text.remove_prefix(slash + 1);
  }
}

/// 48 bits: a forge's numbers stay far away, and JSON keeps every digit.
constexpr std::size_t kPushDigits = 12;

std::string digits_of_push(const PullId& push) { return fmt::format("{:012x}", -(push.number + 1)); }

bool control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

}  // namespace

std::string StateKey::text() const {
  return fmt::format("{}/{}@{}", to_string(repo), project.dir, project.workspace);
}

PullId push_id(RepoId repo, const Sha& commit) {
  std::int64_t digits = 0;
  std::from_chars(commit.data(), commit.data() + std::min(commit.size(), kPushDigits), digits, 16);
  return {std::move(repo), -digits - 1};
}

bool is_push(const PullId& pull) { return pull.number < 0; }

Result<std::string> parse_repo_path(std::string_view text) {
  if (text.empty() || text.size() > kMaxRepoPath) return refuse("a repository is written owner/name");
  const auto parts = segments(text);
  if (parts.size() < 2) return refuse("a repository is written owner/name");
  for (const auto part : parts) {
    if (part.empty() || part == "." || part == ".." || part.front() == '-' || !all_plain(part))
      return refuse(fmt::format("\"{}\" is not part of a repository's name", part));
  }
  return std::string(text);
}

Result<std::string> parse_dir(std::string_view text) {
  if (text.size() > kMaxDir) return refuse(fmt::format("a directory has at most {} bytes", kMaxDir));
  if (!text.empty() && text.front() == '/') return refuse("a directory is relative to the repository's root");
  std::string clean;
  for (const auto part : segments(text)) {
    if (part.empty() || part == ".") continue;
    if (part == "..") return refuse("a directory can't leave the repository (\"..\")");
    if (part.front() == '-') return refuse("a directory can't begin with \"-\"");
    if (std::any_of(part.begin(), part.end(), control) || part.find('\\') != std::string_view::npos)
      return refuse("a directory can't hold control characters or backslashes");
    if (!clean.empty()) clean += '/';
    clean += part;
  }
  return clean.empty() ? std::string(".") : clean;
}

Result<std::string> parse_workspace(std::string_view text) {
  if (text.empty() || text.size() > kMaxWorkspace || !all_plain(text) || text.front() == '-' || text == "." ||
      text == "..")
    return refuse(
        fmt::format("a workspace is 1 to {} of letters, digits, \"_\", \"-\" and \".\"", kMaxWorkspace));
  return std::string(text);
}

Result<std::string> parse_project_name(std::string_view text) {
  if (text.empty() || text.size() > kMaxProjectName || text.front() == '-' || text.front() == '/')
    return refuse(fmt::format("a project's name has 1 to {} characters", kMaxProjectName));
  for (const char c : text)
    if (!plain(c) && c != '/')
      return refuse("a project's name has letters, digits, \"_\", \"-\", \".\" and \"/\"");
  if (text.find("..") != std::string_view::npos) return refuse("a project's name can't hold \"..\"");
  return std::string(text);
}

Result<Sha> parse_sha(std::string_view text) {
  const bool hex = std::all_of(text.begin(), text.end(),
                               [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
  if (!hex || (text.size() != 40 && text.size() != 64)) return refuse("a commit is 40 or 64 hex digits");
  return std::string(text);
}

std::string to_string(const RepoId& repo) { return repo.forge + "/" + repo.path; }

std::string to_string(const PullId& pull) {
  if (is_push(pull)) return fmt::format("{}@{}", to_string(pull.repo), digits_of_push(pull));
  return fmt::format("{}#{}", to_string(pull.repo), pull.number);
}

std::string to_string(const ProjectId& project) {
  if (!project.name.empty()) return project.name;
  return project.workspace == "default" ? project.dir : project.dir + "@" + project.workspace;
}

std::string to_string(const ChangeId& change) {
  return to_string(change.pull) + " " + to_string(change.project);
}

std::string short_name(const PullId& pull) {
  return is_push(pull) ? short_sha(digits_of_push(pull)) : fmt::format("#{}", pull.number);
}

std::string short_sha(const Sha& sha) { return sha.substr(0, 7); }

}  // namespace slipway
