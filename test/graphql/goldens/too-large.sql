select last_value from data_version;
