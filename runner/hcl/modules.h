#pragma once

#include "core/plan.h"

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace slipway::runner {

/// A repository's tree as the scanner sees it: paths relative to its root, and a way to read one. Nothing is
/// run.
struct TreeFiles {
  std::vector<std::string> paths;  // sorted
  std::vector<std::string> links;  // those of them that are symbolic links
  std::function<std::string(const std::string& path)> read;
};

/// What the files of one directory say, read by a lexer of HCL and of Terraform's JSON syntax (no
/// evaluation). Every file that Terraform would load counts: *.tf, *.tf.json, *.tofu, *.tofu.json (which win
/// over the same .tf), overrides.
struct Module {
  std::string dir;
  bool has_backend = false;                              // a backend or cloud block
  std::string backend_type;                              // local, s3, http, cloud…
  std::map<std::string, std::string> backend_arguments;  // its plain strings
  bool local_backend_relative = false;                   // `local` with a path inside the tree, or none
  bool has_resources = false;
  bool has_providers = false;
  std::set<std::string> calls;  // local modules, as directories of the tree
  std::set<std::string>
      reads;  // literal file(), templatefile(), fileset() … paths inside the tree (also directories)
  std::set<std::string>
      root_reads;  // those relative to the root module that calls it, as written ("../shared/x")
  std::set<std::string> remote_modules;  // sources that are not local
  bool reads_unknown = false;            // a path is computed, or leaves the project and its local modules
  std::set<std::string> required_providers;  // sources
  std::vector<Diagnostic> problems;  // what the lexer could not make sense of: Terraform will say it better
};

/// Whether two modules may keep one state: backends of one type of which no argument that both give differs.
/// What the server adds to both, or a file on disk, is not seen here.
bool may_share_state(const Module& a, const Module& b);

/// All modules of a tree.
class ModuleGraph {
 public:
  static ModuleGraph read(const TreeFiles& files);

  const std::map<std::string, Module>& modules() const { return modules_; }
  /// Root modules as contract.md ("Projects and state") finds them, sorted.
  std::vector<std::string> roots() const;
  /// Every directory and file that a plan of `dir` may read: itself, its local modules transitively, their
  /// literals; a directory stands for all below it. Nothing when that can't be proven: a path is computed,
  /// leaves the tree or is a link, a module is not local, a file could not be made sense of.
  std::optional<std::set<std::string>> closure(const std::string& dir) const;
  /// Roots that a change of these paths touches: by a module's file, a lock file, a var file beside or below,
  /// a literal.
  std::set<std::string> touched(const std::vector<std::string>& paths) const;

 private:
  /// The module itself and all that it calls, transitively; those that are missing too.
  std::set<std::string> reachable(const std::string& dir) const;

  std::map<std::string, Module> modules_;
  std::set<std::string> links_;
};

}  // namespace slipway::runner
