#include "core/guarded.h"
#include "vcs/mirror.h"

#include <filesystem>
#include <map>
#include <utility>

namespace slipway::vcs {
namespace {

class Mirrors final : public Repositories {
 public:
  Mirrors(std::string directory, Children& children, FetchLimits limits)
      : directory_(std::move(directory)), children_(children), limits_(limits) {}

  Repository& of(const RepoId& repo) override {
    return mirrors_.with([&](auto& mirrors) -> Repository& {
      auto& mirror = mirrors[repo];
      if (!mirror) mirror = std::make_unique<Mirror>(directory_, repo, children_, limits_);
      return *mirror;
    });
  }

 private:
  std::string directory_;
  Children& children_;
  FetchLimits limits_;
  Guarded<std::map<RepoId, std::unique_ptr<Mirror>>> mirrors_;
};

}  // namespace

std::unique_ptr<Repositories> make_repositories(std::string directory, Children& children,
                                                FetchLimits limits) {
  // A checkout's path is bound into rooms, and libgit2's own working directory is nobody's business.
  return std::make_unique<Mirrors>(std::filesystem::absolute(std::move(directory)), children, limits);
}

}  // namespace slipway::vcs
