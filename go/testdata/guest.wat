;; A module that misbehaves, by the length of the context: at 1 byte it spins, at 2 it takes memory until there is none,
;; at 3 it answers with a GiB. Every other context is answered with itself.
(module
  (memory (export "memory") 1)
  (global $next (mut i32) (i32.const 4096))

  ;; Hands out memory, growing it as needed; what it hands out never comes back.
  (func $realloc (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
    (local $start i32)
    (local.set $start (global.get $next))
    (global.set $next (i32.add (local.get $start) (local.get 3)))
    (block $done
      (loop $more
        (br_if $done (i32.le_u (global.get $next) (i32.mul (memory.size) (i32.const 65536))))
        (if (i32.eq (memory.grow (i32.const 16)) (i32.const -1)) (then (unreachable)))
        (br $more)))
    (local.get $start))

  (func (export "sentry:streams-k8s/consumer-macro-json@0.1.0#render")
    (param $context i32) (param $length i32) (result i32)
    (if (i32.eq (local.get $length) (i32.const 1)) (then (loop $forever (br $forever))))
    (if (i32.eq (local.get $length) (i32.const 2)) (then
      (loop $more
        (drop (call $realloc (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 1000000)))
        (br $more))))
    (i32.store8 (i32.const 0) (i32.const 0))
    (i32.store (i32.const 4) (local.get $context))
    (i32.store (i32.const 8)
      (select (i32.const 0x40000000) (local.get $length) (i32.eq (local.get $length) (i32.const 3))))
    (i32.const 0))

  (func (export "cabi_post_sentry:streams-k8s/consumer-macro-json@0.1.0#render") (param i32)))
