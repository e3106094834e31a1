-- the application may read which migrations were run, so that it never serves from a schema it does not know
grant select on _sqlx_migrations to ase_app;
