#pragma once

#include <string>

namespace slipway::store {

/// The directory that holds everything. Its owner is one server: it keeps a lock while it lives, so that a
/// second one can't be started on the same data by accident. Nobody else on the machine can read it (0700).
class DataDir {
 public:
  /// Makes it, makes it private, and takes the lock. Throws Failure when another process has it.
  static DataDir own(const std::string& path);
  /// For commands beside the server. Throws Failure when no database is there.
  static DataDir visit(const std::string& path);

  DataDir(DataDir&& other) noexcept;
  DataDir& operator=(DataDir&&) = delete;
  ~DataDir();

  std::string database() const { return path_ + "/slipway.db"; }
  std::string blobs() const { return path_ + "/blobs"; }

 private:
  explicit DataDir(std::string path) : path_(std::move(path)) {}

  std::string path_;
  int lock_ = -1;
};

}  // namespace slipway::store
