;; A module that misbehaves, by the length of the context: at 1 byte it spins, at 2 it takes memory until there is none,
;; at 3 it answers with a GiB, at 5 it calls itself without a loop for longer than anybody waits, at 15 it refuses with
;; the context as the reason. Every other context is answered with itself.
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
    (if (i32.eq (local.get $length) (i32.const 5)) (then (drop (call $calls (i32.const 60)))))
    (i32.store8 (i32.const 0) (i32.eq (local.get $length) (i32.const 15)))
    (i32.store (i32.const 4) (local.get $context))
    (i32.store (i32.const 8)
      (select (i32.const 0x40000000) (local.get $length) (i32.eq (local.get $length) (i32.const 3))))
    (i32.const 0))

  (func $calls (param $left i32) (result i32)
    (if (result i32) (i32.eqz (local.get $left))
      (then (i32.const 0))
      (else (i32.add
        (call $calls (i32.sub (local.get $left) (i32.const 1)))
        (call $calls (i32.sub (local.get $left) (i32.const 1)))))))

  (func (export "cabi_post_sentry:streams-k8s/consumer-macro-json@0.1.0#render") (param i32))

  ;; Never called: instructions of every form, for the one who reads them.
  (table $table 2 funcref)
  (elem (table $table) (i32.const 0) func $calls)
  (elem $calls funcref (ref.func $calls))
  (data $text "text")
  (func (export "every-form") (param $number i32) (result i32)
    (local $wide i64) (local $half f32) (local $float f64) (local $vector v128) (local $reference funcref)
    (block $outer
      (block $inner
        (br_table $inner $outer $inner (local.get $number)))
      (local.set $half (f32.const 1.5))
      (local.set $float (f64.const -2.5))
      (local.set $wide (i64.const -9223372036854775808)))
    (local.set $vector (v128.const i32x4 1 2 3 4))
    (local.set $vector (i8x16.shuffle 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 3 (local.get $vector) (local.get $vector)))
    (local.set $vector (i32x4.replace_lane 3 (local.get $vector) (local.get $number)))
    (local.set $vector (v128.load32_lane offset=3 3 (local.get $number) (local.get $vector)))
    (local.set $vector (v128.load32_zero offset=3 (local.get $number)))
    (local.set $vector (i32x4.add (local.get $vector) (local.get $vector)))
    (v128.store offset=300 (i32.const 0) (local.get $vector))
    (i64.store offset=60000 align=1 (i32.const 0) (i64.extend_i32_s (local.get $number)))
    (memory.copy (i32.const 0) (i32.const 8) (i32.const 3))
    (memory.fill (i32.const 0) (i32.const 8) (i32.const 3))
    (memory.init $text (i32.const 0) (i32.const 0) (i32.const 3))
    (data.drop $text)
    (table.init $table $calls (i32.const 0) (i32.const 0) (i32.const 1))
    (elem.drop $calls)
    (table.copy (i32.const 0) (i32.const 1) (i32.const 1))
    (table.fill $table (i32.const 0) (ref.null func) (i32.const 1))
    (table.set $table (i32.const 0) (ref.func $calls))
    (drop (table.grow $table (ref.null func) (table.size $table)))
    (local.set $reference (select (result funcref) (table.get $table (i32.const 0)) (ref.null func) (i32.const 1)))
    (drop (ref.is_null (local.get $reference)))
    (drop (call_indirect $table (param i32) (result i32) (i32.const 1) (i32.const 0)))
    (i32.const 3)
    (loop $turns (param i32) (result i32)
      (i32.sub (i32.const 1))
      (local.tee $number)
      (br_if $turns (local.get $number)))
    (i32.add (i32.trunc_sat_f64_s (local.get $float)))
    (i32.add (i32.extend8_s (i32.load8_u offset=128 (i32.const 0))))
    nop
    return))
