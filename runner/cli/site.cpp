#include "runner/cli/site.h"

#include "core/failure.h"
#include "runner/fd.h"
#include "runner/files.h"

#include <sys/stat.h>

#include <algorithm>
#include <cctype>
#include <filesystem>

namespace slipway::runner {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxCodeFile = 8u << 20;

/// What Terraform itself leaves in a project's directory: the state of a run, not something that a plan made.
constexpr const char* kTerraformsOwn[] = {
    ".terraform",          ".terraform.lock.hcl",         "terraform.tfstate",
    "terraform.tfstate.d", "terraform.tfstate.backup",    "errored.tfstate",
    "crash.log",           ".terraform.tfstate.lock.info"};

std::string joined(const std::string& directory, const std::string& below) {
  return below == "." ? directory : directory + "/" + below;
}

/// A directory of ours that a run's user may look into.
void make_open_directory(const std::string& path) {
  make_directories(path);
  if (::chmod(path.c_str(), 0755) != 0) throw_errno("setting the mode of " + path);
}

bool is_word_part(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-'; }

bool has_word(std::string_view text, std::string_view word) {
  for (std::size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    const bool begins = at == 0 || !is_word_part(text[at - 1]);
    if (begins && (end == text.size() || !is_word_part(text[end]))) return true;
  }
  return false;
}

bool is_code(std::string_view name) {
  for (const std::string_view ending : {".tf", ".tf.json", ".tofu", ".tofu.json"}) {
    if (name.ends_with(ending)) return true;
  }
  return false;
}

}  // namespace

Site::Site(const Request& request)
    : place_(request.place),
      host_(request.place.directory + "/" + request.name),
      tree_(request.tree),
      maps_paths_(request.maps_paths),
      user_(request.user) {
  if (tree_.empty()) tree_ = maps_paths_ ? std::string(kTree) : host_ + "/tree";
  // An apply that is taken up again may have lost its checkout; it doesn't need it.
  if (exists(source())) {
    survey_ = on_disk("looking at a project's files", [this] { return survey_project(source()); });
  }
}

Site Site::find(const Request& request) { return Site(request); }

Site Site::make(const Request& request) {
  Site site(request);
  on_disk("making a run's files", [&site] {
    remove_tree(site.host_);
    site.leave();
    make_directories(site.host_);
    make_open_directory(site.out_host());
    make_open_directory(site.config_host());
    make_open_directory(site.fetch_host());
    if (!site.maps_paths_) site.link_tree();
    site.copy_project();
  });
  return site;
}

std::string Site::source() const { return joined(place_.tree, place_.project.dir); }

std::string Site::project() const { return joined(tree_, place_.project.dir); }

std::string Site::project_host() const { return maps_paths_ ? host_ + "/project" : project(); }

void Site::copy_project() const {
  const std::string copy = project_host();
  make_open_directory(copy);
  for (const auto& name : survey_.copied) copy_entry(joined(source(), name), joined(copy, name));
  for (const auto& name : survey_.shown) {
    const std::string original = joined(source(), name);
    const std::string place = joined(copy, name);
    if (!maps_paths_) {
      fs::create_symlink(original, place);
    } else if (is_plain_directory(original)) {
      fs::create_directory(place);
    } else {
      replace_file(place, "");
    }
  }
}

/// The directories on the way to the project are real, so that ".." leads where it does in the checkout; what
/// stands beside them are links.
void Site::link_tree() const {
  std::string real = place_.tree;
  std::string made = tree_;
  make_directories(made);
  if (place_.project.dir == ".") return;
  for (const auto& part : fs::path(place_.project.dir)) {
    for (const auto& entry : fs::directory_iterator(real)) {
      const fs::path name = entry.path().filename();
      if (name != part && name != ".git") fs::create_symlink(entry.path(), fs::path(made) / name);
    }
    real += "/" + part.string();
    made += "/" + part.string();
    make_directories(made);
  }
}

void Site::hand_over() const {
  if (!user_) return;
  on_disk("giving a run its files", [this] {
    give_tree(project_host(), *user_);
    give_tree(out_host(), *user_);
  });
}

void Site::hand_over(const std::string& path) const {
  if (user_) give_tree(path, *user_);
}

std::vector<Bind> Site::binds() const {
  std::vector<Bind> binds;
  if (!maps_paths_) {
    return {{place_.tree, place_.tree, false},
            {tree_, tree_, false},
            {project_host(), project_host(), true},
            {out_host(), out_host(), true},
            {config_host(), config_host(), false}};
  }
  binds.push_back({place_.tree, tree_, false});
  binds.push_back({project_host(), project(), true});
  for (const auto& name : survey_.shown) {
    binds.push_back({source() + "/" + name, project() + "/" + name, false});
  }
  binds.push_back({out_host(), out(), true});
  binds.push_back({config_host(), config(), false});
  return binds;
}

std::vector<std::string> Site::made_files(std::string_view ours) const {
  std::vector<std::string> skip(std::begin(kTerraformsOwn), std::end(kTerraformsOwn));
  skip.emplace_back(ours);
  for (const auto& name : survey_.shown) skip.push_back(name);
  return on_disk("looking at what a plan made",
                 [&] { return changed_files(project_host(), source(), skip); });
}

bool Site::mentions(const std::vector<std::string_view>& words) const {
  for (const auto& name : survey_.copied) {
    if (!is_code(name)) continue;
    const auto text = read_inside(source(), name, kMaxCodeFile);
    if (!text) return true;  // a link: who knows
    for (const auto word : words) {
      if (has_word(*text, word)) return true;
    }
  }
  return false;
}

void Site::leave() const noexcept {
  if (maps_paths_) return;
  remove_tree(tree_);
}

}  // namespace slipway::runner
