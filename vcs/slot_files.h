#pragma once

#include "core/clock.h"
#include "core/ids.h"

#include <optional>
#include <string>
#include <vector>

namespace slipway::vcs {

/// The files of a pool of checkouts: DIR/7 is a slot's tree; beside it, where no run sees them, DIR/7.whole
/// says which tree it holds, and DIR/7.leased stands while a run uses it. Both name the boot: after a power
/// cut what was written last may be missing from disk, so slots of another boot are made anew. One thread at
/// a time per slot.
class SlotFiles {
 public:
  /// Makes the directory. Throws Failure.
  explicit SlotFiles(std::string directory);

  struct Found {
    int number = 0;
    Sha tree;                    // empty: nobody knows what it holds
    std::optional<Time> leased;  // since when, by a run that may still be there
  };
  std::vector<Found> find() const;

  std::string path_of(int number) const;
  /// From here on nobody may rely on what the slot holds.
  void set_unknown(int number) const;
  /// It holds this tree, all of it.
  void set_whole(int number, const Sha& tree) const;
  void set_leased(int number, bool leased) const;
  /// An empty folder.
  void empty(int number) const;
  void remove(int number) const;

 private:
  std::string beside(int number, std::string_view what) const;
  std::string directory_;
  std::string boot_;
};

}  // namespace slipway::vcs
