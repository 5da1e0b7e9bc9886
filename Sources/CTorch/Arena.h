// Memory for tensors on the CPU that stays with the process.
//
// A training step takes and frees the same few hundred large blocks again and again. malloc either maps each of them
// anew, and the kernel fills it with zeros, or searches long lists for it; and it does not ask for huge pages. Here one
// range of addresses, as large as the machine's memory, is set aside once; pages come when they are first touched.
// Blocks are the smallest that fit, and free neighbours merge.
#pragma once
#include <c10/core/Allocator.h>

#include <map>
#include <mutex>
#include <set>
#include <utility>

namespace ctorch {

class Arena final : public c10::Allocator {
 public:
  /// The process's own, or null where the addresses cannot be had.
  static Arena *shared();

  /// What is too small or too large for the arena comes from the allocator that was there before.
  c10::DataPtr allocate(size_t n) override;
  c10::DeleterFnPtr raw_deleter() const override { return &Arena::release; }
  void copy_data(void *to, const void *from, std::size_t count) const override { default_copy_data(to, from, count); }

  struct Bytes {
    size_t used, held;
  };
  Bytes bytes();

 private:
  explicit Arena(c10::Allocator &other);
  static void release(void *data);

  // Under the lock. A block begins with its size, one line of the cache before its data; equal blocks in a row therefore
  // do not begin at the same place of a page.
  char *take(size_t size);
  void give_back(char *at);
  void keep(char *at, size_t size);
  void forget(std::map<char *, size_t>::iterator block);

  c10::Allocator &other;
  std::mutex lock;
  char *begin = nullptr, *end = nullptr;
  char *top = nullptr;      // no block beyond it
  char *touched = nullptr;  // the furthest that top has been
  size_t used_bytes = 0;
  std::map<char *, size_t> by_place;            // free blocks below top
  std::set<std::pair<size_t, char *>> by_size;  // the same
};

}  // namespace ctorch
