#include "runner/cli/project_copy.h"

#include <algorithm>
#include <filesystem>

namespace slipway::runner {
namespace {

namespace fs = std::filesystem;

/// How many entries a directory has with all below it, or what is more than `most`.
std::size_t count_entries(const fs::path& directory, std::size_t most) {
  std::size_t count = 1;
  for (fs::recursive_directory_iterator entry(directory), end; entry != end && count <= most; ++entry) {
    ++count;
    if (entry->is_regular_file() && !entry->is_symlink() && entry->file_size() > kMaxCopiedFile)
      return most + 1;
  }
  return count;
}

std::size_t cost_of(const fs::directory_entry& entry, std::size_t most) {
  const auto status = entry.symlink_status();
  if (fs::is_directory(status)) return count_entries(entry.path(), most);
  if (fs::is_regular_file(status) && entry.file_size() > kMaxCopiedFile) return most + 1;
  return 1;
}

bool same(const fs::directory_entry& entry, const fs::path& original) {
  std::error_code error;
  if (entry.is_symlink())
    return fs::is_symlink(original, error) && fs::read_symlink(original) == fs::read_symlink(entry);
  if (!fs::is_regular_file(fs::symlink_status(original, error))) return false;
  return fs::file_size(original) == entry.file_size() &&
         fs::last_write_time(original) == entry.last_write_time();
}

}  // namespace

ProjectSurvey survey_project(const std::string& directory) {
  std::vector<fs::directory_entry> entries;
  for (const auto& entry : fs::directory_iterator(directory)) entries.push_back(entry);
  // Files first: they are the project itself.
  std::sort(entries.begin(), entries.end(), [](const fs::directory_entry& a, const fs::directory_entry& b) {
    const bool a_directory = fs::is_directory(a.symlink_status());
    const bool b_directory = fs::is_directory(b.symlink_status());
    return a_directory != b_directory ? b_directory : a.path().filename() < b.path().filename();
  });
  ProjectSurvey survey;
  std::size_t left = kMaxCopied;
  for (const auto& entry : entries) {
    const std::string name = entry.path().filename();
    if (name == ".git" || name == ".terraform") continue;
    const std::size_t cost = cost_of(entry, left);
    const bool fits = cost <= left;
    if (fits) left -= cost;
    (fits ? survey.copied : survey.shown).push_back(name);
  }
  return survey;
}

void copy_entry(const std::string& from, const std::string& to) {
  const auto status = fs::symlink_status(from);
  if (fs::is_symlink(status)) {
    fs::copy_symlink(from, to);
  } else if (fs::is_directory(status)) {
    fs::create_directory(to);
    for (const auto& entry : fs::directory_iterator(from)) {
      copy_entry(entry.path(), fs::path(to) / entry.path().filename());
    }
  } else if (fs::is_regular_file(status)) {
    fs::copy_file(from, to);
    fs::permissions(to, fs::perms::owner_write, fs::perm_options::add);
    fs::last_write_time(to, fs::last_write_time(from));
  }
}

std::vector<std::string> changed_files(const std::string& copy, const std::string& original,
                                       const std::vector<std::string>& skip) {
  std::vector<std::string> changed;
  for (fs::recursive_directory_iterator entry(copy), end; entry != end; ++entry) {
    const fs::path name = entry->path().lexically_relative(copy);
    if (entry.depth() == 0 && std::find(skip.begin(), skip.end(), name.string()) != skip.end()) {
      entry.disable_recursion_pending();
      continue;
    }
    const bool kept = entry->is_symlink() || entry->is_regular_file();
    if (kept && !same(*entry, fs::path(original) / name)) changed.push_back(name);
  }
  std::sort(changed.begin(), changed.end());
  return changed;
}

}  // namespace slipway::runner
